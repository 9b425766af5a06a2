// The cheat sheet of the spreadsheet: draws and functions, each a click away from the cell one types in.
import { say } from "../words.js";
import { h } from "./dom.js";

const DRAWS = [
  ["integer(1, 9)", say("a whole number from 1 to 9"), 5],
  ["2*integer(3, 8)", say("an even number from 6 to 16"), 8],
  ["integers(3, -5, 5)", say("a list of three whole numbers"), [1, -2, 3]],
  ["[integers(2, -9, 9) for i in range(2)]", say("a table of two rows and two columns"), [[1, -2], [0, 3]]],
  ["integer(1, 9)/10", say("a tenth: 0.1 to 0.9"), 0.5],
  ["choose([2, 4, 8])", say("one of the values listed"), 2],
  ["shuffle([1, 2, 3])", say("the values in another order"), [2, 3, 1]],
  ["sample(range(10), 3)", say("three different values"), [0, 4, 7]],
];
const FORMULAS = [
  [say("Arithmetic"), [["a + b", ""], ["a*b/2", ""], ["a**2", say("a squared")], ["a % b", say("what is left when dividing")], ["abs(|)", ""], ["round(|, 2)", say("to two decimals")], ["sqrt(|)", ""], ["exp(|)", ""], ["log(|)", say("natural")], ["floor(|)", ""], ["ceil(|)", ""]]],
  [say("Lists and tables"), [["x[0]", say("the first entry")], ["len(x)", say("how many")], ["sum(x)", ""], ["mean(x)", ""], ["mean(z, 0)", say("of every column")], ["max(|)", ""], ["argmax(|)", say("position of the greatest")], ["flatten(|)", say("one list of all cells")], ["transpose(|)", ""], ["dot(A, x)", say("matrix times vector")], ["[v**2 for v in x]", say("every entry squared")], ["distinct(|)", ""]]],
  [say("Choosing"), [["a if a > b else b", ""], ["a == b", say("is equal")], ["a > 0 and b > 0", ""], ["not a", ""]]],
  [say("Deep learning"), [["conv_output_size(H, k, s, p)", say("side of a convolution’s output")], ["conv2d(x, w)", ""], ["max_pool(x, 2)", ""], ["avg_pool(x, 2)", ""], ["relu(|)", ""], ["sigmoid(|)", ""], ["softmax(|)", ""], ["cross_entropy(p, q)", ""], ["batch_norm(z)", ""], ["conv_parameter_count(k, c_in, c_out)", ""], ["linear_parameter_count(n, m)", ""], ["receptive_field(layers)", ""]]],
];

/** `insert(text)` writes into the cell typed in last, `draw(text, printed)` adds a drawn variable. */
export function cheats(draft, { insert, draw }) {
  const chip = (text, says, work) => h("button", { type: "button", class: "chip", onclick: () => work(text) }, h("code", {}, text.replace("|", "…")), says ? ` ${says}` : "");
  const known = new Set(draft.functions);
  const named = new Set(FORMULAS.flatMap(([, items]) => items.map(([text]) => /^\w+(?=\()/.exec(text)?.[0])));
  const rest = [...known].filter((name) => !named.has(name)).sort();
  return h(
    "details",
    { class: "inserts" },
    h("summary", {}, say("What formulas and draws can be made of")),
    h(
      "div",
      { class: "insert-groups" },
      h("div", { class: "insert-group" }, h("h3", {}, say("Draws: a click adds a drawn value")), h("div", { class: "chips" }, DRAWS.map(([text, says, printed]) => chip(text, says, () => draw(text, printed))))),
      h("p", { class: "hint" }, say("The others are written into the formula you typed in last.")),
      FORMULAS.map(([title, items]) => h("div", { class: "insert-group" }, h("h3", {}, title), h("div", { class: "chips" }, items.map(([text, says]) => chip(text, says, insert))))),
      rest.length ? h("div", { class: "insert-group" }, h("h3", {}, say("All other functions")), h("div", { class: "chips" }, rest.map((name) => chip(`${name}(|)`, "", insert)))) : null,
    ),
    h("p", { class: "hint" }, say("Numbers stay exact: 1/3 is a third. A list is written [1, 2, 3], a table as a list of rows; arithmetic works cell by cell. Words stand in quotation marks: 'high'.")),
  );
}
