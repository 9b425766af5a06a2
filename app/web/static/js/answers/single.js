// One input: a number or a text.
import { AnswerElement } from "./element.js";

export class NumberAnswer extends AnswerElement {
  get raw() {
    return this.inputs[0].value;
  }

  set raw(value) {
    this.inputs[0].value = [value ?? ""].flat(3).join(", ");
  }
}

export class TextAnswer extends NumberAnswer {}
