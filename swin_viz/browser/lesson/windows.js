/** What one token of a block can attend to: in its window, and if attention were global. */

import { el, percent } from "../kit/dom.js";
import { PhotoPair } from "../kit/photo/photopair.js";
import { neighbours } from "./parts/reach.js";

export class Sight extends PhotoPair {
  dark = false;

  /** @param {import("./lesson.js").Context} context */
  constructor({ trace, block, say, signal }) {
    super(trace, block, [say("sight_window"), say("sight_global")], signal);
    this.say = say;
    const [title, text] = [el("h2", {}, say("sight_title")), el("p", {}, say("sight_text"))];
    this.node = el("section", { class: "extra" }, title, text, this.line, this.photos);
  }

  draw(dark = this.dark) {
    this.dark = dark;
    const { unit, at: [row, column] } = this;
    const [rows, columns] = unit.size;
    const group = neighbours(unit, true);
    const of = (token) => group[Math.floor(token / columns) * unit.padded[1] + (token % columns)];
    const mine = of(row * columns + column);
    const tokens = rows * columns;
    const seen = Uint8Array.from({ length: tokens }, (_, token) => Number(of(token) === mine));
    this.paint(unit, [seen, new Uint8Array(tokens).fill(1)], dark);
    const count = seen.reduce((a, b) => a + b, 0);
    const padding = group.reduce((a, each) => a + Number(each === mine), 0) - count;
    const line = this.say("sight_line", { row, column, seen: count, tokens, share: percent(count / tokens) });
    this.line.textContent = line + (padding ? ` ${this.say("sight_padding", { padding })}` : "");
    this.node.drawn = { at: this.at, seen, padding };
  }
}
