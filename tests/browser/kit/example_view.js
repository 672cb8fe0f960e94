/** A view of a run in thirty lines: the picture, and where the token under the pointer looks in the first block. */

import { Component, mount } from "../../../swin_viz/browser/kit/component.js";
import { el, percent } from "../../../swin_viz/browser/kit/dom.js";
import { PhotoView } from "../../../swin_viz/browser/kit/photo/photo.js";

class Example extends Component {
  /** @type {[number, number]} row and column */ query = [0, 0];

  build() {
    this.photo = new PhotoView(el("canvas", { class: "photo" }));
    this.line = el("p", { "aria-live": "polite" });
    this.photo.canvas.addEventListener("pointermove", (event) => {
      this.query = this.photo.pointed(event) ?? this.query;
      this.schedule();
    });
    this.root.replaceChildren(this.photo.canvas, this.line);
  }

  draw(dark) {
    const block = this.trace.blocks[0];
    const { window, slot } = block.find(...this.query);
    const shares = block.row(window, "mean", slot);
    this.photo.place(this.trace, block, 448, { grid: true, rolled: false, dark });
    this.photo.drawAttention(this.query, shares, Math.max(...shares), { wrong: false, pinned: false });
    this.line.textContent = this.say("line", { query: this.query.join(", "), share: percent(Math.max(...shares)) });
  }
}

export default function (component) { return mount(component, Example); }
