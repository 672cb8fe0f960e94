/** The picture with the query's attention, the key ringed on it, and the pair's numbers as a sentence. */

import { decimal, el, minus, weightText } from "../kit/dom.js";
import { largest } from "../kit/maths.js";
import { PhotoView } from "../kit/photo/photo.js";

const REST_MS = 300; // a hand that is still for so long is followed by words

/** @typedef {(key: string, fields?: Object) => string} Say */
/** @typedef {import("../kit/trace.js").Block} Block */
/** @typedef {import("./pairmath.js").Stages} Stages */

export class Picture {
  /** @type {HTMLCanvasElement} without the key */ still;
  #stages = /** @type {Stages|null} */ (null);
  #key = "";
  #telling = 0;

  constructor() {
    this.canvas = el("canvas", { class: "photo", tabindex: "0", role: "application" });
    this.view = new PhotoView(this.canvas);
    this.pair = el("p", { class: "pair-line" });
    this.node = el("div", { class: "pairs-photo" }, this.canvas, this.pair);
    this.live = el("div", { class: "live", "aria-live": "polite" });
  }

  /**
   * @param {import("../kit/trace.js").Trace} trace @param {Block} block @param {number} slot the query
   * @param {[number, number]} query @param {Stages} stages @param {number} width @param {boolean} dark
   */
  draw(trace, block, slot, query, stages, width, dark) {
    const key = [slot, width, dark, devicePixelRatio, trace.id].join();
    if (key === this.#key && stages === this.#stages) { this.view.drawStill(this.still); return; } // another key alone
    this.#key = key;
    this.#stages = stages;
    const shares = stages.probs.subarray(slot * block.N, (slot + 1) * block.N);
    this.view.place(trace, block, width, { grid: true, rolled: false, dark });
    this.view.drawAttention(query, shares, largest(shares), { wrong: false, pinned: true });
    this.still = this.view.copy();
  }

  /**
   * Ring the key, and say the pair's numbers.
   * @param {Block} block @param {[number, number]} query @param {Say} say
   * @param {string} times what q·k is multiplied by
   */
  drawKey(block, w, slot, query, key, stages, say, times) {
    this.view.markKey(block.at(w, key));
    const at = slot * block.N + key;
    const number = (name) => decimal(stages[name][at]);
    const line = say("pair_line", {
      times, query: `(${query.join(", ")})`, key: `(${block.at(w, key).join(", ")})`,
      raw: number("raw"), scaled: number("scaled"), bias: number("bias"), mask: minus(String(stages.mask[at])),
      logit: number("masked"), share: weightText(stages.probs[at]),
    });
    this.pair.textContent = line;
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => { this.live.textContent = line; }, REST_MS);
  }
}
