/** One point per head and block: how spread (entropy) or how far (distance) it looks on average. A click goes there. */

import { HUES } from "../kit/colour.js";
import { el } from "../kit/dom.js";
import { clamp, largest } from "../kit/maths.js";

const [HIGH, LEFT, TOP, BOTTOM] = [230, 40, 12, 36];
const [WIDE, SLOT] = [440, 34]; // at least so wide; and for each block, so that its label has room
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }; // blocks, heads

/** @typedef {(key: string, fields?: Object) => string} Say */
/** @typedef {{title: string, unit: string, block: number, head: number|"mean", say: Say}} Options */

export class HeadChart {
  /** @type {SVGCircleElement[][]} by block and head */ points = [];
  /** @type {WeakMap<EventTarget, [number, number]>} a point's block and head */
  #places = new WeakMap();

  /** @param {(block: number, head: number) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.node = el("div", { class: "chart scroll" });
    this.node.addEventListener("keydown", (event) => this.key(event));
  }

  /** Arrow keys: left and right to the next block, up and down to the next head; Enter or the space bar goes there. */
  key(event) {
    const [move, place] = [MOVES[event.key], this.#places.get(event.target)];
    if (!place || !(move || event.key === "Enter" || event.key === " ")) return;
    event.preventDefault();
    if (!move) { this.choose(...place); return; }
    event.stopPropagation();
    const heads = this.points[clamp(place[0] + move[0], 0, this.points.length - 1)];
    heads[clamp(place[1] + move[1], 0, heads.length - 1)].focus();
  }

  /**
   * @param {import("../kit/trace.js").Trace} trace @param {number[][]} values per block, per head
   * @param {Options} options
   */
  draw(trace, values, options) {
    const { title, block, head } = options;
    const wide = Math.max(WIDE, LEFT + 10 + SLOT * trace.blocks.length);
    const most = largest(values.flat()) * 1.05 || 1;
    const y = (value) => TOP + (HIGH - TOP - BOTTOM) * (1 - value / most);
    const focused = this.#places.get(/** @type {ShadowRoot} */ (this.node.getRootNode()).activeElement);
    const look = { viewBox: `0 0 ${wide} ${HIGH}`, style: `min-width:${wide > WIDE ? wide : 0}px` };
    const slot = (wide - LEFT - 10) / trace.blocks.length;
    this.points = trace.blocks.map(({ heads }, b) => values[b].map((value, h) => {
      const x = LEFT + slot * (b + (h + 0.5) / heads);
      return this.point(x, y(value), trace.blocks[b], [b, h], value, options);
    }));
    this.points[block][head === "mean" ? 0 : head].setAttribute("tabindex", "0");
    this.node.replaceChildren(el("svg", { ...look, role: "group", "aria-label": title },
      ...[0, 0.5, 1].flatMap((part) => rule(most * part, y(most * part), wide, most < 3 ? 2 : 1)),
      ...trace.blocks.flatMap((each, b) => column(LEFT + slot * b, slot, each, b === block)), ...this.points.flat(),
      el("text", { x: wide / 2, y: HIGH - 3, "text-anchor": "middle" }, options.say("chart_axis"))));
    if (focused) this.points[focused[0]]?.[focused[1]]?.focus({ preventScroll: true });
    this.node.drawn = values;
  }

  /** @param {import("../kit/trace.js").Block} each @param {[number, number]} place */
  point(x, y, each, place, value, { unit, block, head, say }) {
    const [b, h] = place;
    const lit = b === block && h === head;
    const at = { stage: each.stage + 1, block: each.block + 1, head: h + 1 };
    const name = say("chart_point", { ...at, value: value.toFixed(2), unit });
    const look = { r: lit ? 7 : 4.5, fill: HUES[each.stage % HUES.length], class: lit ? "point lit" : "point" };
    const role = { role: "button", tabindex: -1, "aria-label": name, onclick: () => this.choose(b, h) };
    const point = el("circle", { cx: x, cy: y, ...look, ...role }, el("title", {}, name));
    this.#places.set(point, place);
    return point;
  }
}

/** A line across, and its value. */
function rule(value, y, wide, digits) {
  return [el("line", { x1: LEFT, x2: wide - 8, y1: y, y2: y, class: "rule" }),
    el("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, value.toFixed(digits))];
}

/** A block's name, and what lies below its points if it is the one that is shown. */
function column(x, slot, { stage, block }, here) {
  const name = el("text", { x: x + slot / 2, y: HIGH - 18, "text-anchor": "middle" }, `${stage + 1}.${block + 1}`);
  const ground = { x: x + 1, y: TOP, width: slot - 2, height: HIGH - TOP - BOTTOM, class: "here" };
  return here ? [el("rect", ground), name] : [name];
}
