// A graph as text, one node a line (`s = dot(w, x) | 1 | [2, 1]; [1, -1]`), and back into rows of a table.
const SIGNS = ["+", "-", "*", "/", "**"];
const SPELLED = { "^": "**", "·": "*", "×": "*", "−": "-" };

export const blankRow = () => ({ name: "", operator: "", inputs: "", value: "", gradients: [] });
export const isBlank = (row) => [row.name, row.operator, row.inputs, row.value, ...row.gradients].every((cell) => !cell.trim());
export const inputsOf = (row) => row.inputs.split(/[\s,;]+/).filter(Boolean);

/** The text of rows, as the server writes it, too (app/web/graph_fields.py). */
export function textOf(rows) {
  return rows.filter((row) => !isBlank(row)).map(line).join("\n");
}

function line(row) {
  const inputs = inputsOf(row);
  const infix = SIGNS.includes(row.operator) && inputs.length > 1;
  const formula = infix ? inputs.join(` ${row.operator} `) : row.operator ? `${row.operator}(${inputs.join(", ")})` : row.inputs.trim();
  const gradients = row.gradients.some((one) => one.trim()) ? ` | ${row.gradients.join("; ")}` : "";
  const value = row.value.trim() || gradients ? ` | ${row.value.trim()}` : "";
  return `${row.name.trim()} = ${formula}${value}${gradients}`;
}

/** The rows of a text; null where a line is written in another way, which only the server can read. */
export function rowsOf(text) {
  const rows = text.split("\n").filter((one) => one.trim()).map(row);
  return rows.includes(null) ? null : rows;
}

function row(text) {
  const [drawn, value = "", gradients = ""] = text.split(/\s+\|(?=\s|$)/);
  const at = drawn.indexOf("=");
  if (at < 0 || drawn.includes("->") || drawn.includes("→")) return null;
  const found = formula(drawn.slice(at + 1).trim());
  return found && { name: drawn.slice(0, at).trim(), ...found, value: value.trim(), gradients: gradients.trim() ? split(gradients) : [] };
}

function formula(text) {
  const called = /^(?<operator>[^\s()]+)\((?<inputs>[^()]*)\)$/.exec(text);
  if (called) return { operator: called.groups.operator, inputs: called.groups.inputs.trim() };
  const parts = /\d[eE][-+]\d/.test(text) ? [text] : text.split(/\s*(\*\*|[-+*/^·×−])\s*/); // operands, with signs between
  const inputs = parts.filter((_, place) => place % 2 === 0);
  const signs = new Set(parts.filter((_, place) => place % 2).map((sign) => SPELLED[sign] ?? sign));
  if (signs.size === 1 && inputs.every((one) => /^[^\s()]+$/.test(one))) return { operator: [...signs][0], inputs: inputs.join(", ") };
  // A node under another name, or a formula of several operations: in the table, it stands where the inputs stand.
  return { operator: "", inputs: text };
}

/** Between semicolons outside brackets. */
function split(text) {
  const pieces = [""];
  let depth = 0;
  for (const letter of text) {
    depth += "[(".includes(letter) - "])".includes(letter);
    if (letter === ";" && depth <= 0) pieces.push("");
    else pieces[pieces.length - 1] += letter;
  }
  return pieces.map((piece) => piece.trim());
}

/** Rows out of any raw answer: text, or rows with gradients as a list or as text. */
export function rowsOfRaw(raw) {
  if (typeof raw === "string") return rowsOf(raw);
  return (raw ?? []).map((cells) => {
    const [name = "", operator = "", inputs = "", value = "", gradients = []] = [cells].flat();
    return { name, operator, inputs: [inputs].flat().join(", "), value, gradients: typeof gradients === "string" ? split(gradients) : gradients };
  });
}
