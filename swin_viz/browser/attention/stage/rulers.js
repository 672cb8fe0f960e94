/** A ruler at a picture's edge: rows or columns numbered as in the picture, the query's and the strongest key's lit. */

import { el } from "../../kit/dom.js";

const [ROOM, APART] = [22, 15]; // CSS pixels for a number; and what a lit one keeps free about it

/** @typedef {import("../../kit/photo/photo.js").PhotoView} PhotoView */

export class Ruler {
  /** @type {{node: HTMLElement, middle: number}[]} */ ticks = [];
  #key = "";

  /** @param {0|1} axis 0: rows, at the left; 1: columns, on top */
  constructor(axis) {
    this.axis = axis;
    this.field = el("div", {});
    this.query = el("b", { class: "of-query" });
    this.strongest = el("b", { class: "of-key" });
    this.node = el("div", { class: `ruler ${axis ? "columns" : "rows"}`, "aria-hidden": "true" },
      this.field, this.strongest, this.query);
  }

  /**
   * @param {PhotoView} view @param {[number, number]} query row and column @param {[number, number]|null} key
   */
  draw(view, query, key) {
    const { axis } = this;
    const { block, cell, options: { rolled } } = view;
    const name = [block.name, cell, rolled].join();
    if (name !== this.#key) this.build(view);
    this.#key = name;
    const seatOf = (place) => view.seat(...place)[axis];
    const lit = [[this.query, query], [this.strongest, key]].filter(([, place]) => place).map(([node, place]) => {
      const middle = (seatOf(place) + 0.5) * cell;
      this.put(/** @type {HTMLElement} */ (node), String(place[axis]), middle);
      return middle;
    });
    this.strongest.hidden = !key || Math.abs(seatOf(key) - seatOf(query)) * cell < APART;
    for (const { node, middle } of this.ticks) node.hidden = lit.some((at) => Math.abs(at - middle) < APART);
  }

  /** @param {PhotoView} view */
  build({ block, cell, options: { rolled } }) {
    const { axis } = this;
    const [count, size, by] = [block.padded[axis], block.size[axis], rolled ? block.shift[axis] : 0];
    const step = [1, 2, block.window, 2 * block.window].find((each) => each * cell >= ROOM) ?? 4 * block.window;
    const seats = [...Array(count).keys()].filter((seat) => seat % step === 0 && (seat + by) % count < size);
    this.ticks = seats.map((seat) => {
      const node = el("span", {});
      this.put(node, String((seat + by) % count), (seat + 0.5) * cell);
      return { node, middle: (seat + 0.5) * cell };
    });
    this.field.replaceChildren(...this.ticks.map(({ node }) => node));
  }

  /** @param {HTMLElement} node */
  put(node, text, middle) {
    node.textContent = text;
    node.style.transform = this.axis ? `translateX(calc(${middle}px - 50%))` : `translateY(calc(${middle}px - 50%))`;
  }
}
