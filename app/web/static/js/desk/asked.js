// Whether the question is open above the answer: this browser remembers it, quiz by quiz.
const STORE = "gradus.desk-asked";
const MOST_KEPT = 50;

function read() {
  try {
    const found = JSON.parse(localStorage.getItem(STORE) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => Array.isArray(one)) : [];
  } catch {
    return [];
  }
}

/** Opens or folds the question as its marker left it last in this quiz. */
export function rememberAsked(quiz) {
  const asked = document.querySelector("[data-asked]");
  if (!asked) return;
  const kept = read().find(([known]) => known === quiz);
  if (kept) asked.open = Boolean(kept[1]);
  asked.addEventListener("toggle", () => {
    const others = read().filter(([known]) => known !== quiz);
    try {
      localStorage.setItem(STORE, JSON.stringify([...others, [quiz, asked.open]].slice(-MOST_KEPT)));
    } catch {
      // Blocked storage: the choice holds for this page.
    }
  });
}
