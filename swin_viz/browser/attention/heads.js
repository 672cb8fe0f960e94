/** All heads of the block side by side on the same window and query; click one to choose it. */

import { hatch, rgb, ring } from "../kit/colour.js";
import { el, keepingFocus, percent, roving, sized } from "../kit/dom.js";
import { largest } from "../kit/maths.js";
import { isHatched, MARKS } from "../kit/photo/marks.js";

const SIDE_PX = 84;

/** @typedef {number|"mean"} Head */
/** @typedef {import("../kit/trace.js").Block} Block */
/** @typedef {{button: HTMLButtonElement, canvas: HTMLCanvasElement, label: HTMLElement, head: Head}} Card */

export class Heads {
  /** @type {Card[]} */ cards = [];
  #key = "";
  #small = document.createElement("canvas");

  /** @param {(head: Head) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.node = el("div", { class: "heads", role: "radiogroup" });
    roving(this.node, () => this.cards.map((card) => card.button), (index) => this.choose(this.cards[index].head));
  }

  /**
   * @param {Block} block @param {[number, number]} query @param {Head} current
   * @param {(key: string, fields?: Object) => string} say
   */
  draw(block, query, current, say) {
    const key = block.heads + say("language");
    if (key !== this.#key) keepingFocus(this.node, () => this.build(block.heads, say));
    this.#key = key;
    const { window: w, slot } = block.find(...query);
    this.node.drawn = this.cards.map(({ button, canvas, label, head }) => {
      const shares = block.row(w, head, slot);
      this.paint(canvas, block, w, slot, shares);
      label.textContent = percent(largest(shares));
      button.setAttribute("aria-checked", String(head === current));
      button.tabIndex = head === current ? 0 : -1;
      return { head, shares };
    });
  }

  build(count, say) {
    this.node.setAttribute("aria-label", say("heads"));
    const heads = /** @type {Head[]} */ (["mean", ...Array(count).keys()]);
    this.cards = heads.map((head) => {
      const name = head === "mean" ? say("mean") : say("head", { head: head + 1 });
      const canvas = el("canvas", { "aria-hidden": "true" });
      const label = el("small", {});
      const more = { role: "radio", class: "head", "aria-label": name, onclick: () => this.choose(head) };
      const button = el("button", { type: "button", ...more }, el("span", {}, name), canvas, label);
      return { button, canvas, label, head };
    });
    this.node.replaceChildren(...this.cards.map((card) => card.button));
  }

  /** A window's keys, one cell each: hatched where nothing may go, ringed where it is padding; the query framed. */
  paint(canvas, block, w, slot, shares) {
    const context = sized(canvas, SIDE_PX, SIDE_PX);
    const { window: M, N } = block;
    const cell = SIDE_PX / M;
    const placed = (k) => /** @type {const} */ ([(k % M) * cell, Math.floor(k / M) * cell]);
    context.fillStyle = hatch(context);
    context.fillRect(0, 0, SIDE_PX, SIDE_PX);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.painted(block, w, slot, shares), 0, 0, SIDE_PX, SIDE_PX);
    for (let k = 0; k < N; k++) if (block.isPadding(...block.at(w, k))) ring(context, ...placed(k), cell);
    const [x, y] = placed(slot);
    context.strokeStyle = MARKS.query[0];
    context.lineWidth = 2;
    context.strokeRect(x + 1, y + 1, cell - 2, cell - 2);
  }

  /** The shares as one pixel each, on one canvas that is used again. */
  painted(block, w, slot, shares) {
    const { window: M, N } = block;
    const high = largest(shares);
    const image = new ImageData(M, M);
    for (let k = 0; k < N; k++) {
      if (isHatched({ blocked: block.mask(w, slot, k) !== 0, share: shares[k] })) continue;
      image.data.set([...rgb("share", shares[k], 0, high), 255], k * 4);
    }
    if (this.#small.width !== M) Object.assign(this.#small, { width: M, height: M });
    this.#small.getContext("2d").putImageData(image, 0, 0);
    return this.#small;
  }
}
