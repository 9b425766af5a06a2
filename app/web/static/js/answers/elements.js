// The closed set of field kinds and their elements.
import { ChoiceAnswer, SelectAnswer, TableAnswer, TruthAnswer } from "./chosen.js";
import { ExpressionAnswer, FormulasAnswer, ProgramAnswer } from "./formula.js";
import { DrawingAnswer } from "./freehand.js";
import { GraphAnswer } from "./graph.js";
import { MatrixAnswer, VectorAnswer } from "./grid.js";
import { DerivationAnswer } from "./lines.js";
import { OrderAnswer } from "./order.js";
import { NumberAnswer, TextAnswer } from "./single.js";
import { SketchAnswer } from "./sketch.js";

const ELEMENTS = {
  "number-answer": NumberAnswer,
  "text-answer": TextAnswer,
  "vector-answer": VectorAnswer,
  "matrix-answer": MatrixAnswer,
  "choice-answer": ChoiceAnswer,
  "order-answer": OrderAnswer,
  "truth-answer": TruthAnswer,
  "select-answer": SelectAnswer,
  "table-answer": TableAnswer,
  "expression-answer": ExpressionAnswer,
  "formulas-answer": FormulasAnswer,
  "derivation-answer": DerivationAnswer,
  "program-answer": ProgramAnswer,
  "graph-answer": GraphAnswer,
  "sketch-answer": SketchAnswer,
  "drawing-answer": DrawingAnswer,
};

export const ANSWERS = Object.keys(ELEMENTS).join(",");

export function define() {
  for (const [name, element] of Object.entries(ELEMENTS)) customElements.define(name, element);
}
