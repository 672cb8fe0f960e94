/**
 * The derivation of equations 1 and 2, live: what is asked, the answer and its curve, then the terms, each with its
 * number. The terms come from swin_viz/cost/terms.py as monomials.
 */

import { Component, mount } from "../kit/component.js";
import { clamp } from "../kit/maths.js";
import { el } from "../kit/dom.js";
import { Asking, kept, sizesOf } from "./asking.js";
import { chart, ON_PAGE, outside } from "./curves.js";
import { notesOf } from "./notes.js";
import { saveCsv, savePng, saveSvg, sheet, termsCsv } from "./saving.js";
import { answerOf, exact, macsOf, shapeOf, short, sumOf, symbolOf } from "./terms.js";

/** @typedef {import("./terms.js").Term} Term */
/** @typedef {import("./terms.js").Sizes} Sizes */
/** @typedef {import("./asking.js").Asked & Sizes} View */

const SIZES = ["h", "w", "c", "m"];
const NAMES = ["of", "stage", "px", "unit", ...SIZES];
const LETTERS = { h: "h", w: "w", c: "C", m: "M" };
const GROUPS = ["msa", "one_window", "w_msa"];
const FORMULAS = { msa: "Ω(MSA) = 4·h·w·C² + 2·(h·w)²·C", w_msa: "Ω(W-MSA) = 4·h·w·C² + 2·M²·h·w·C" };
const [LEAST, REST] = [300, 368]; // of the chart's height; of the screen's, what stands around it

/** A view as one text, whatever the order it came in. @param {View} view */
const textOf = (view) => NAMES.map((name) => view[name]).join(" ");

class Derivation extends Component {
  static shape = ["words", "language", "models", "pictures", "limits"];

  live = el("div", { class: "live", "aria-live": "polite" });
  /** @type {View} */ at = null;
  first = ""; // what the server said
  sent = ""; // what it was told
  /** @type {Record<string, {slider: HTMLInputElement, box: HTMLInputElement, why: HTMLElement}>} */ boxes = {};
  answer = el("div", { class: "answer" });
  picture = el("div", { class: "curves" });
  results = el("div", { class: "derivation" });
  notes = el("div", { class: "notes" });

  constructor(root, signal) {
    super(root, signal, "sizes", 350);
    window.addEventListener("resize", () => this.schedule(), { signal });
  }

  update(data, send) {
    super.update(data, (name, value) => {
      if (name === "sizes") this.sent = textOf({ ...sizesOf(this.header, value), ...value });
      send(name, value);
    });
  }

  /** What the server is told: the question, and sizes only where they are not those that follow from it. */
  get settled() {
    const { of, stage, px, unit, ...sizes } = this.at;
    const { layer, map } = kept(this.header, this.at, this.at);
    return { of, stage, px, unit, ...(layer && map ? {} : sizes) };
  }

  receive() {
    const first = textOf(this.header.first);
    if (first !== this.first && first !== this.sent) { // an address or another picture, not the echo of a move
      this.at = { ...this.header.first };
      this.settler.told(this.settled); // the server's own: nothing to say, and what still waited is overtaken
      this.settler.settle(this.settled);
    }
    this.first = first;
  }

  build() {
    this.asking = new Asking(this.header, this.say, (patch) => this.ask(patch));
    this.units = ["macs", "flops"].map((unit) => (
      el("button", { type: "button", title: this.say("unit_help"), onclick: () => this.set({ unit }) },
        this.say(`unit_${unit}`))));
    this.root.replaceChildren(
      el("div", { class: "top" },
        el("div", { class: "ask" }, ...this.asking.nodes,
          el("div", { class: "units", role: "group", "aria-label": this.say("unit") }, ...this.units)),
        el("div", { class: "saving" }, ...this.saving())),
      this.answer, el("div", { class: "two" }, this.picture, this.results),
      el("div", { class: "sizes" }, ...SIZES.map((name) => this.control(name))), this.notes, this.live);
  }

  saving() {
    const button = (key, save) => el("button", { type: "button", onclick: save }, this.say(key));
    return [
      button("save_png", () => savePng(this.sheet(), this.name)),
      button("save_svg", () => saveSvg(this.sheet(), this.name)),
      button("save_terms", () => saveCsv(termsCsv(this.what, [this.about, this.numbers]), `${this.name}-terms`))];
  }

  control(name) {
    const [least, most] = this.header.limits[name];
    const [id, title] = [`size-${name}`, this.say(`size_${name}`)];
    const limits = { min: least, max: most, step: 1 };
    const slider = el("input", { type: "range", ...limits, "aria-label": title });
    const box = el("input", { type: "number", ...limits, id, "aria-describedby": `${id}-why` });
    for (const input of [slider, box]) input.addEventListener("input", () => this.typed(name, input.value));
    const why = el("div", { class: "why", id: `${id}-why`, role: "alert" });
    this.boxes[name] = { slider, box, why };
    const label = el("label", { for: id }, el("b", {}, LETTERS[name]), " ", title);
    return el("div", { class: "size" }, label, slider, box, why);
  }

  /** What was typed, if it can be; else why not, in place, and the numbers stay. */
  typed(name, text) {
    const value = Number(text);
    const [least, most] = this.header.limits[name];
    const good = text !== "" && Number.isInteger(value) && value >= least && value <= most;
    this.boxes[name].why.textContent = good ? "" : this.say("impossible", { least, most: exact(most) });
    this.boxes[name].box.setAttribute("aria-invalid", String(!good));
    if (good) this.set({ [name]: value }, name);
  }

  /** Another stage or picture: its sizes come with it. */
  ask(patch) {
    const asked = { ...this.at, ...patch };
    this.set({ ...patch, ...sizesOf(this.header, asked) });
  }

  set(patch, typing = null) {
    this.at = { ...this.at, ...patch };
    for (const name of SIZES.filter((other) => other !== typing)) {
      this.boxes[name].why.textContent = "";
      this.boxes[name].box.setAttribute("aria-invalid", "false");
    }
    this.settler.settle(this.settled);
    this.schedule();
  }

  get unit() { return this.say(`unit_${this.at.unit}`); }
  get factor() { return this.header.factors[this.at.unit]; }
  get what() {
    const { at, say, unit, factor } = this;
    return { terms: this.header.terms, at, say, unit, factor };
  }

  costOf(group) { return sumOf(this.header.terms[group], this.at) * this.factor; }

  /** The answer in a sentence, exact however near the two are. */
  get verdict() {
    const { key, number } = answerOf(this.costOf("msa"), this.costOf("w_msa"));
    return this.say(key, { number, n: this.at.m ** 2 });
  }

  get about() {
    const { h, w, c, m } = this.at;
    return this.say("sizes_line", { about: this.asking.about(this.at, this.at), h, w, c, m });
  }

  get numbers() {
    const [msa, windows] = ["msa", "w_msa"].map((group) => short(this.costOf(group)));
    return this.say("answer_numbers", { msa, w_msa: windows, unit: this.unit });
  }

  get name() { return this.asking.slug(this.at, this.at); }

  sheet() {
    const sums = Object.entries(FORMULAS).map(([group, formula]) => (
      `${formula} = ${exact(this.costOf(group))} ${this.unit}`));
    return sheet(this.what, { answer: this.verdict, about: this.about, sums });
  }

  draw() {
    const { at } = this;
    this.asking.show(at, at);
    SIZES.forEach((name) => this.write(name));
    this.units.forEach((button, i) => button.setAttribute("aria-pressed", String(at.unit === ["macs", "flops"][i])));
    this.answer.replaceChildren(
      el("p", { class: "verdict" }, this.verdict), el("p", { class: "quiet" }, `${this.about} · ${this.numbers}`));
    const wide = clamp(this.picture.clientWidth || 600, 280, 1400);
    const high = this.root.clientWidth < 700 ? LEAST : clamp(window.innerHeight - REST, LEAST, 620);
    const beside = outside(this.what);
    this.picture.replaceChildren(chart(this.what, ON_PAGE, wide, high),
      ...(beside ? [el("p", { class: "outside" }, beside)] : []));
    this.results.replaceChildren(this.table());
    this.notes.replaceChildren(...notesOf(this.what).map((note) => el("p", note.attributes, note.words)));
    this.live.textContent = this.say("spoken", { answer: this.verdict, numbers: this.numbers });
  }

  /** A size in its slider and box, but for a box that holds what cannot be. */
  write(name) {
    const { slider, box } = this.boxes[name];
    const value = this.at[name];
    if (slider.valueAsNumber !== value) slider.value = String(value);
    if (box.valueAsNumber !== value && box.getAttribute("aria-invalid") !== "true") box.value = String(value);
    slider.setAttribute("aria-valuetext", `${LETTERS[name]} = ${value}`);
  }

  /** The terms of MSA, of one window and of W-MSA side by side, each with its number and its part of the sum. */
  table() {
    const { header: { terms }, at: { m } } = this;
    const head = ["", ...GROUPS.map((group) => this.say(`column_${group}`, { n: m ** 2 }))];
    return el("table", { class: "terms" },
      el("thead", {}, el("tr", {}, ...head.map((words, i) => el("th", { scope: "col", class: GROUPS[i - 1] }, words)))),
      el("tbody", {}, ...terms.msa.map((term, i) => el("tr", {},
        el("th", { scope: "row" }, this.say(`term_${term.name}`)), ...GROUPS.map((group) => this.cell(group, i))))),
      el("tfoot", {}, el("tr", {}, el("th", { scope: "row" }, this.say("total", { unit: this.unit })),
        ...GROUPS.map((group) => this.sum(group)))));
  }

  cell(group, i) {
    const { header: { terms }, at, factor } = this;
    const term = terms[group][i];
    const macs = macsOf(term, at);
    const [all, one] = [at.h * at.w, at.m ** 2];
    const [tokens, keys] = { msa: [all, all], one_window: [one, one], w_msa: [all, one] }[group];
    const shape = shapeOf(term, tokens, keys, at.c);
    const part = (100 * macs) / sumOf(terms[group], at);
    return el("td", { class: group, "data-macs": macs, title: exact(macs * factor) },
      el("span", { class: "symbol" }, symbolOf(term)), el("b", {}, short(macs * factor)),
      el("span", { class: "part", "aria-hidden": "true" }, el("i", { style: `width:${part}%` })),
      el("small", { title: shape }, shape));
  }

  sum(group) {
    const value = this.costOf(group);
    const all = group === "one_window" ? {} : { "data-total": value };
    const [, formula = ""] = FORMULAS[group]?.split(" = ") ?? [];
    return el("td", { class: group, ...all }, el("b", {}, exact(value)), el("small", {}, formula));
  }
}

export default function derivation(component) {
  return mount(component, Derivation);
}
