/** All heads of the block side by side on the same window and query; click one to choose it. */

import { hatch, rgb, ring } from "../kit/colour.js";
import { el, percent, roving, sized } from "../kit/dom.js";

const SIDE_PX = 84;

export class Heads {
  /** @param {(head: number | "mean") => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.node = el("div", { class: "heads", role: "radiogroup" });
    roving(this.node, () => this.cards.map((card) => card.button), (index) => this.choose(this.cards[index].head));
  }

  /** @param {import("../kit/trace.js").Block} block @param {[number, number]} query @param {number|"mean"} current */
  draw(block, query, current, say) {
    const key = block.heads + say("language");
    if (key !== this.key) this.build(block.heads, say, key);
    const { window: w, slot } = block.find(...query);
    this.node.drawn = [];
    this.cards.forEach(({ button, canvas, label, head }) => {
      const shares = block.row(w, head, slot);
      const high = Math.max(...shares);
      this.paint(canvas, block, w, slot, shares, high);
      label.textContent = percent(high);
      button.setAttribute("aria-checked", String(head === current));
      button.tabIndex = head === current ? 0 : -1;
      this.node.drawn.push({ head, shares });
    });
  }

  build(count, say, key) {
    this.key = key;
    this.node.setAttribute("aria-label", say("heads"));
    this.cards = ["mean", ...Array(count).keys()].map((head) => {
      const name = head === "mean" ? say("mean") : say("head", { head: head + 1 });
      const canvas = el("canvas", { "aria-hidden": "true" });
      const label = el("small", {});
      const button = el("button", { type: "button", role: "radio", class: "head", "aria-label": name, onclick: () => this.choose(head) },
        el("span", {}, name), canvas, label);
      return { button, canvas, label, head };
    });
    this.node.replaceChildren(...this.cards.map((card) => card.button));
  }

  paint(canvas, block, w, slot, shares, high) {
    const context = sized(canvas, SIDE_PX, SIDE_PX);
    const { window: M, N } = block;
    if (this.small?.width !== M) this.small = Object.assign(document.createElement("canvas"), { width: M, height: M });
    const small = this.small.getContext("2d");
    const image = small.createImageData(M, M);
    for (let k = 0; k < N; k++) {
      if (block.mask(w, slot, k) !== 0 && shares[k] < 1e-6) continue; // the hatch below shows
      image.data.set(rgb("share", shares[k], 0, high), k * 4);
      image.data[k * 4 + 3] = 255;
    }
    small.putImageData(image, 0, 0);
    context.fillStyle = hatch(context);
    context.fillRect(0, 0, SIDE_PX, SIDE_PX);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.small, 0, 0, SIDE_PX, SIDE_PX);
    const cell = SIDE_PX / M;
    for (let k = 0; k < N; k++) if (block.isPadding(...block.at(w, k))) ring(context, (k % M) * cell, Math.floor(k / M) * cell, cell);
    context.strokeStyle = "#ff3b30";
    context.lineWidth = 2;
    context.strokeRect((slot % M) * cell + 1, Math.floor(slot / M) * cell + 1, cell - 2, cell - 2);
  }
}
