/** From picture to tokens: a patch's side decides how many; the pairs that attend as areas, of all or in windows. */

import { el, sized } from "../../kit/dom.js";
import { exact, times } from "../../cost/terms.js";
import { axedText, reachable } from "../../lesson/parts/axes.js";
import { Radios } from "./radios.js";
import { kept } from "./tokenmap.js";

/** @typedef {{side: number, rows: number, columns: number, tokens: number, pairs: number, windows: number,
 *   per_window: number, window_pairs: number, padded: number}} Cut lessons/overview/sides.py */

const [PICTURE, AREA, GAP, FOOT] = [320, 400, 28, 40]; // pixels; the area's at most

/** The windows as squares along the diagonal of all pairs, as a path. @param {Cut} cut @param {number} scale */
export function diagonal({ windows, per_window: n }, scale) {
  const side = n * scale;
  return Array.from({ length: windows }, (_, i) => `M${i * side} ${i * side}h${side}v${side}h${-side}z`).join("");
}

export class Sides {
  /** @param {import("./whole.js").Whole} whole */
  constructor(whole) {
    this.whole = whole;
    const { say, told } = whole;
    const sides = Object.fromEntries(told.cuts.map(({ side }) => [String(side), say("sides_option", { side })]));
    this.sides = new Radios(say("sides_side"), sides, whole.state.sides_px, (sides_px) => whole.set({ sides_px }));
    const ways = { all: say("sides_all"), windows: say("sides_windows", { m: told.window }) };
    this.ways = new Radios(say("sides_way"), ways, whole.state.sides_in, (sides_in) => whole.set({ sides_in }));
    this.canvas = el("canvas", { class: "plain", style: kept(told.size) });
    this.areas = el("div", { class: "areas" });
    this.answer = el("p", { class: "count" });
    this.table = el("table", { class: "cuts" });
    const alike = told.patch === 4 && told.stages.length === 4; // the sides are those of the stages' tokens
    const stages = alike ? el("p", { class: "note" }, say("sides_stages")) : null;
    this.node = whole.section("sides", el("div", { class: "asked" }, this.sides.node, this.ways.node), this.answer,
      el("div", { class: "two" }, el("div", { class: "canvas" }, this.canvas), this.areas),
      el("p", { class: "formula" }, ...axedText(say("sides_formula"))),
      el("div", { class: "scrolls" }, this.table), stages);
  }

  groups() { return ["image"]; }

  /** @returns {Cut} */
  get cut() { return this.whole.told.cuts.find(({ side }) => String(side) === this.whole.state.sides_px); }

  get windowed() { return this.whole.state.sides_in === "windows"; }

  draw() {
    const { state } = this.whole;
    this.sides.show(state.sides_px);
    this.ways.show(state.sides_in);
    this.paint();
    this.square();
    this.whole.write(this.answer, this.sentence());
    this.fill();
    reachable(this.areas);
    reachable(/** @type {HTMLElement} */ (this.table.parentElement));
    this.node.drawn = { ...this.cut, windowed: this.windowed };
  }

  sentence() {
    const { cut, whole: { say, told } } = this;
    const way = cut.window_pairs < cut.pairs ? "fewer" : cut.window_pairs > cut.pairs ? "more" : "same";
    const ratio = Math.max(cut.pairs, cut.window_pairs) / Math.min(cut.pairs, cut.window_pairs);
    const fields = { ...cut, m: told.window, times: times(ratio) };
    for (const key of ["tokens", "pairs", "window_pairs", "windows", "padded"]) fields[key] = exact(cut[key]);
    const first = say(this.windowed ? `sides_say_${way}` : "sides_say_all", fields);
    return this.windowed && cut.padded !== cut.tokens ? `${first} ${say("sides_padded", fields)}` : first;
  }

  /** The picture, cut into patches; in windows, their borders. */
  paint() {
    const { cut, windowed, whole } = this;
    const photo = whole.photo();
    const room = Math.min(PICTURE, this.canvas.parentElement.clientWidth || PICTURE);
    const unit = Math.min(room / photo.width, PICTURE / photo.height);
    const [width, height] = [photo.width * unit, photo.height * unit];
    const context = sized(this.canvas, width, height);
    context.drawImage(photo, 0, 0, width, height);
    lines(context, width, height, cut.side * unit, "rgba(255,255,255,.75)", 1);
    if (windowed) {
      const step = cut.side * whole.told.window * unit;
      lines(context, width, height, step, "#000", 4);
      lines(context, width, height, step, "#fff", 2);
    }
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", whole.say("sides_picture", cut));
  }

  /** All four cuts on one scale: an n × n square each, and in windows the squares along its diagonal. */
  square() {
    const { whole: { told, say, state }, windowed } = this;
    const widest = Math.max(...told.cuts.map(({ tokens, padded }) => Math.max(tokens, windowed ? padded : 0)));
    const most = Math.min(AREA, Math.max(240, this.areas.clientWidth - 8));
    const scale = most / widest;
    let left = 1;
    const groups = told.cuts.map((cut) => {
      const side = cut.tokens * scale;
      const chosen = String(cut.side) === state.sides_px;
      const group = el("g", { class: chosen ? "chosen" : "", transform: `translate(${left} 1)` },
        el("title", {}, say("sides_area", { side: cut.side, tokens: exact(cut.tokens), pairs: exact(cut.pairs) })),
        el("rect", { class: windowed ? "whole" : "whole filled", width: side, height: side }),
        windowed ? el("path", { class: "windows", d: diagonal(cut, scale) }) : null,
        el("text", { x: 0, y: most + 18 }, say("sides_option", { side: cut.side })),
        el("text", { x: 0, y: most + 34 }, `n = ${exact(cut.tokens)}`));
      left += Math.max(side, windowed ? cut.padded * scale : 0, 76) + GAP;
      return group;
    });
    const view = { viewBox: `0 0 ${left} ${most + FOOT}`, width: left, height: most + FOOT, role: "img" };
    this.areas.replaceChildren(el("svg", { ...view, "aria-label": say("sides_areas") }, ...groups));
  }

  fill() {
    const { told, say, state } = this.whole;
    const head = ["side", "tokens", "pairs", "in_windows"].map((key) => (
      el("th", { scope: "col" }, say(`sides_column_${key}`))));
    const rows = told.cuts.map((cut) => el("tr", { class: String(cut.side) === state.sides_px ? "chosen" : "" },
      el("th", { scope: "row" }, say("sides_option", { side: cut.side })),
      ...[`${cut.rows} × ${cut.columns} = ${exact(cut.tokens)}`, exact(cut.pairs),
        `${exact(cut.windows)} × ${exact(cut.per_window ** 2)} = ${exact(cut.window_pairs)}`]
        .map((text) => el("td", {}, text))));
    this.table.replaceChildren(el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows));
  }
}

/**
 * Lines down and across at every step.
 * @param {CanvasRenderingContext2D} context @param {string} colour @param {number} thick
 */
export function lines(context, width, height, step, colour, thick) {
  context.fillStyle = colour;
  for (let x = step; x < width - 0.5; x += step) context.fillRect(Math.round(x) - thick / 2, 0, thick, height);
  for (let y = step; y < height - 0.5; y += step) context.fillRect(0, Math.round(y) - thick / 2, width, thick);
}
