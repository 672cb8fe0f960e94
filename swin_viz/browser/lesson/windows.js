/** What one token of a block can attend to: in its window, and if attention were global. */

import { el, percent } from "../kit/dom.js";
import { PhotoPair } from "../kit/photo/photopair.js";
import { neighbours } from "./shift.js";

export class Sight extends PhotoPair {
  constructor(trace, index, say, signal) {
    super(trace, trace.blocks[index], [say("sight_window"), say("sight_global")], signal);
    this.say = say;
    this.node = el("section", { class: "extra" }, el("h2", {}, say("sight_title")), el("p", {}, say("sight_text")), this.line, this.photos);
  }

  draw(dark = this.dark) {
    this.dark = dark;
    const { unit } = this;
    const group = neighbours(unit, true);
    const mine = group[this.at[0] * unit.padded[1] + this.at[1]];
    const tokens = unit.size[0] * unit.size[1];
    const place = (token) => Math.floor(token / unit.size[1]) * unit.padded[1] + (token % unit.size[1]);
    const seen = Uint8Array.from({ length: tokens }, (_, token) => group[place(token)] === mine);
    this.paint(unit, [seen, new Uint8Array(tokens).fill(1)], dark);
    const count = seen.reduce((a, b) => a + b, 0);
    const padding = group.reduce((a, each) => a + (each === mine), 0) - count;
    this.line.textContent = this.say("sight_line", { row: this.at[0], column: this.at[1], seen: count, tokens, share: percent(count / tokens) })
      + (padding ? ` ${this.say("sight_padding", { padding })}` : "");
    this.node.drawn = { at: this.at, seen, padding };
  }
}
