/** The two blocks of a pair beside each other, small: the one with regular windows, and the one whose windows are moved. */

import { el } from "../../kit/dom.js";
import { PhotoView } from "../../kit/photo/photo.js";

const WIDE = 104;

export class BlockPair {
  /** @param {import("../../kit/trace.js").Trace} trace @param {number} index of either block */
  constructor(trace, index, say) {
    Object.assign(this, { trace, blocks: trace.blocks.slice(index - (trace.blocks[index].block % 2)).slice(0, 2) });
    this.sides = this.blocks.map((block) => {
      const title = say(block.shifted ? "pair_shifted" : block.block % 2 ? "pair_unmoved" : "pair_regular", { stage: block.stage + 1, block: block.block + 1 });
      const canvas = el("canvas", { role: "img", "aria-label": title });
      return { view: new PhotoView(canvas), node: el("figure", {}, canvas, el("figcaption", {}, title)) };
    });
    this.node = el("div", { class: "block-pair" }, this.sides[0].node, el("span", { "aria-hidden": "true" }, "→"), this.sides[1]?.node);
  }

  /** @param {boolean} second whether the step is of the second block */
  draw(dark, second) {
    this.sides.forEach(({ view, node }, i) => {
      view.place(this.trace, this.blocks[i], WIDE, { grid: true, rolled: false, dark });
      view.context.drawImage(view.base, 0, 0, view.width, view.height);
      node.classList.toggle("lit", Boolean(i) === second);
    });
  }
}
