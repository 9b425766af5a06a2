// How the editor talks to the server: JSON there and back; what went wrong comes as an Error with a sentence.
import { parsed } from "./exact.js";
import { say } from "../words.js";

const PATIENCE = 30_000;
const KEEPALIVE_BYTES = 60_000;
// Publishing tries a hundred variants first, on a machine that may be grading.
const LONGER = { publish: 300_000, test: 60_000 };

/** An error with `says` for people, `place`, `problems`, `status`, and whether trying again may help (`temporary`). */
function failure(status, answer = {}) {
  const temporary = status === 0 || status === 408 || status === 429 || status >= 500;
  const says =
    answer.says ?? answer.detail ?? (status ? say("The server answered with an error ({status}).", { status }) : say("The server cannot be reached."));
  return Object.assign(new Error(says), { says, status, temporary, place: answer.place ?? "", problems: answer.problems ?? [], answer });
}

export class Wire {
  constructor(address, csrf) {
    Object.assign(this, { address, csrf });
  }

  /** POST to an action of the draft ("" saves it). A FormData is sent as a form, all else as JSON. */
  async post(action, body, signal) {
    const form = body instanceof FormData;
    const text = form ? null : JSON.stringify(body);
    // A save under way arrives even when the page is left.
    const keepalive = action === "" && text.length < KEEPALIVE_BYTES;
    const send = () => {
      const headers = { "X-CSRF-Token": this.csrf };
      if (!form) headers["Content-Type"] = "application/json";
      return this.#ask(action, { method: "POST", headers, body: text ?? body, keepalive }, signal);
    };
    try {
      return await send();
    } catch (error) {
      // Somebody who has signed in again, in another tab, has a new session.
      if (error.status === 403 && (await this.#newToken())) return send();
      throw error;
    }
  }

  /** The token of the session there is now; answers whether it is another one. */
  async #newToken() {
    const page = await fetch(this.address.replace(/draft$/, "edit"), { credentials: "same-origin", cache: "no-store" }).catch(() => null);
    if (!page?.ok || page.redirected) return false;
    const data = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("draft-data");
    const token = data ? parsed(data.textContent).csrf : this.csrf;
    const other = token !== this.csrf;
    this.csrf = token;
    return other;
  }

  /** The draft as the server has it. */
  get() {
    return this.#ask("", {});
  }

  async #ask(action, options, signal) {
    const limit = AbortSignal.timeout(LONGER[action] ?? PATIENCE);
    let response;
    try {
      response = await fetch(action ? `${this.address}/${action}` : this.address, {
        ...options,
        headers: { Accept: "application/json", ...options.headers },
        credentials: "same-origin",
        cache: "no-store",
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw failure(0);
    }
    const answer = await response.text().then(parsed).catch(() => ({}));
    // Without a session the server shows the page to sign in, which is no JSON.
    if (response.ok && !response.redirected) return answer;
    if (response.redirected || response.status === 401) {
      throw failure(401, { says: say("You are signed out. Sign in again in another tab; this page keeps what you wrote.") });
    }
    throw failure(response.status, answer);
  }
}
