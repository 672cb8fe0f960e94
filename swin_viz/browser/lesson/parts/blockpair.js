/** The two blocks of a pair beside each other, small: the one with regular windows, and the one with moved ones. */

import { el } from "../../kit/dom.js";
import { PhotoView } from "../../kit/photo/photo.js";

const WIDE = 104;

export class BlockPair {
  /**
   * @param {import("../lesson.js").Trace} trace @param {import("../lesson.js").Block} either of the two
   * @param {import("../lesson.js").Say} say
   */
  constructor(trace, either, say) {
    this.trace = trace;
    const first = trace.blocks.indexOf(either) - (either.block % 2);
    this.sides = trace.blocks.slice(first, first + 2).map((block) => {
      const kind = block.shifted ? "pair_shifted" : block.block % 2 ? "pair_unmoved" : "pair_regular";
      const title = say(kind, { stage: block.stage + 1, block: block.block + 1 });
      const canvas = el("canvas", { role: "img", "aria-label": title });
      return { block, view: new PhotoView(canvas), node: el("figure", {}, canvas, el("figcaption", {}, title)) };
    });
    const [before, after] = this.sides.map(({ node }) => node);
    this.node = el("div", { class: "block-pair" }, before, el("span", { "aria-hidden": "true" }, "→"), after);
  }

  /** @param {boolean} dark @param {number} current 0 or 1, the block that the step is of */
  draw(dark, current) {
    this.sides.forEach(({ block, view, node }, i) => {
      view.place(this.trace, block, WIDE, { grid: true, rolled: false, dark });
      view.context.drawImage(view.base, 0, 0, view.width, view.height);
      node.classList.toggle("lit", i === current);
    });
  }
}
