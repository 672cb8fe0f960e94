/**
 * The derivation of equations 1 and 2, live: sliders and boxes for h, w, C, M; each term's number under its symbol.
 * The terms come from swin_viz/cost/terms.py as monomials.
 */

import { Component, mount } from "../kit/component.js";
import { drawCurves } from "./curves.js";
import { el } from "../kit/dom.js";
import { macsOf, short, sumOf, symbolOf } from "./terms.js";

/** @typedef {import("./terms.js").Term} Term */
/** @typedef {import("./terms.js").Sizes} Sizes */

const NAMES = ["h", "w", "c", "m"];
const LETTERS = { h: "h", w: "w", c: "C", m: "M" };

const exact = (value) => value.toLocaleString("en-US");

function rounded(value) {
  if (Number.isInteger(value)) return exact(value);
  return value < 99.95 ? value.toFixed(value < 9.995 ? 2 : 1) : exact(Math.round(value));
}

/** Sizes as one text, whatever the order they came in. @param {Sizes} sizes */
const textOf = (sizes) => NAMES.map((name) => sizes[name]).join(" ");

class Derivation extends Component {
  static shape = ["words", "language", "presets", "limits", "unit"];

  live = el("div", { class: "live", "aria-live": "polite" });
  /** @type {Sizes} */ at = { h: 0, w: 0, c: 0, m: 0 };
  first = ""; // what the server said
  sent = ""; // what it was told
  /** @type {Record<string, {slider: HTMLInputElement, box: HTMLInputElement, why: HTMLElement}>} */ boxes = {};
  /** @type {HTMLElement[]} */ presets = [];
  results = el("div", { class: "derivation" });
  picture = el("div", { class: "curves" });

  constructor(root, signal) {
    super(root, signal, "sizes", 350);
  }

  update(data, send) {
    super.update(data, (name, value) => { this.sent = textOf(value); send(name, value); });
  }

  receive() {
    const first = textOf(this.header.first);
    if (first !== this.first && first !== this.sent) { // an address or another picture, not the echo of a move
      this.at = { ...this.header.first };
      this.settler.told(this.at); // the server's own: nothing to say, and what still waited to be said is overtaken
      this.settler.settle(this.at);
    }
    this.first = first;
  }

  build() {
    const { say, header } = this;
    const controls = el("div", { class: "sizes" }, ...NAMES.map((name) => this.control(name)));
    this.presets = header.presets.map(({ at, title }) => (
      el("button", { type: "button", onclick: () => this.set(at) }, title)));
    const group = { class: "presets", role: "group", "aria-label": say("presets") };
    this.root.replaceChildren(
      el("div", group, el("span", { class: "quiet" }, say("presets")), ...this.presets),
      controls, this.results, this.picture, this.live);
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

  set(patch, typing = null) {
    this.at = { ...this.at, ...patch };
    for (const name of NAMES.filter((other) => other !== typing)) {
      this.boxes[name].why.textContent = "";
      this.boxes[name].box.setAttribute("aria-invalid", "false");
    }
    this.settler.settle(this.at);
    this.schedule();
  }

  draw() {
    const { at, header } = this;
    const { terms, factor, presets } = header;
    NAMES.forEach((name) => this.write(name));
    const isChosen = (preset) => NAMES.every((name) => preset.at[name] === at[name]);
    this.presets.forEach((button, i) => button.setAttribute("aria-pressed", String(isChosen(presets[i]))));
    const whole = sumOf(terms.msa, at) * factor;
    const windows = sumOf(terms.w_msa, at) * factor;
    this.results.replaceChildren(...this.msa(whole), ...this.oneWindow(), ...this.windows(windows, whole));
    drawCurves(this.picture, { terms, at, say: this.say, factor, unit: this.unit });
    const spoken = { msa: short(whole), w_msa: short(windows), unit: this.unit, ratio: rounded(whole / windows) };
    this.live.textContent = this.say("spoken", spoken);
  }

  /** A size in its slider and box, but for a box that holds what cannot be. */
  write(name) {
    const { slider, box } = this.boxes[name];
    const value = this.at[name];
    if (slider.valueAsNumber !== value) slider.value = String(value);
    if (box.valueAsNumber !== value && box.getAttribute("aria-invalid") !== "true") box.value = String(value);
    slider.setAttribute("aria-valuetext", `${LETTERS[name]} = ${value}`);
  }

  get unit() { return this.say(`unit_${this.header.unit}`); }

  msa(whole) {
    const n = this.at.h * this.at.w;
    return [el("h2", {}, this.say("msa_title")), this.row(this.header.terms.msa, n, n),
      this.sum("Ω(MSA) = 4·h·w·C² + 2·(h·w)²·C", whole)];
  }

  oneWindow() {
    const { at: { h, w, m }, header: { terms, factor } } = this;
    const n = m ** 2;
    const one = sumOf(terms.one_window, this.at) * factor;
    const count = Math.ceil(h / m) * Math.ceil(w / m);
    const formula = exact(sumOf(terms.w_msa, this.at) * factor);
    const numbers = { one: exact(one), count: exact(count), total: exact(one * count), formula, unit: this.unit };
    const words = this.say(h % m || w % m ? "one_to_all_padded" : "one_to_all", { h, w, m, ...numbers });
    return [el("h2", {}, this.say("one_title", { m, n })), this.row(terms.one_window, n, n),
      el("p", { class: "steps", "data-windows": count, "data-all": one * count }, words)];
  }

  windows(windows, whole) {
    const { h, w, m } = this.at;
    return [el("h2", {}, this.say("windows_title")), this.row(this.header.terms.w_msa, h * w, m ** 2),
      this.sum("Ω(W-MSA) = 4·h·w·C² + 2·M²·h·w·C", windows),
      el("p", { class: "ratio" }, this.say("ratio", { ratio: rounded(whole / windows) })),
      ...this.notes(windows).map((text) => el("p", { class: "note" }, text))];
  }

  /** Where the two are equal, which term leads, and what an implementation pads. */
  notes(windows) {
    const { at, say } = this;
    const { h, w, c, m } = at;
    const [tokens, n, c2] = [h * w, m ** 2, 2 * c];
    const sign = (a, b) => Math.sign(a - b) + 1; // 0 below, 1 here, 2 above
    const equal = ["equal_below", "equal_here", "equal_above"][sign(tokens, n)];
    const overtaken = ["not_overtaken", "overtaken_here", "overtaken"][sign(tokens, c2)];
    const notes = [say(equal, { tokens: exact(tokens), n }), say(overtaken, { tokens: exact(tokens), c2 })];
    const [h2, w2] = [h, w].map((side) => Math.ceil(side / m) * m);
    if (h2 !== h || w2 !== w) {
      const real = sumOf(this.header.terms.w_msa, { ...at, h: h2, w: w2 }) * this.header.factor;
      const more = rounded(100 * (real / windows - 1));
      notes.push(say("padded_to", { h, w, m, h2, w2, real: short(real), unit: this.unit, more }));
    }
    if (m > Math.max(h, w)) notes.push(say("window_too_large", { m }));
    return notes;
  }

  /** The terms beside each other: tokens in all, keys of each. @param {Term[]} terms */
  row(terms, tokens, keys) {
    const { at: { c }, header: { factor } } = this;
    const shapes = {
      qkv: `(${tokens}×${c})·(${c}×${3 * c})`, scores: `(${tokens}×${c})·(${c}×${keys})`,
      values: `(${tokens}×${keys})·(${keys}×${c})`, proj: `(${tokens}×${c})·(${c}×${c})`,
    };
    const sum = sumOf(terms, this.at);
    return el("div", { class: "terms" }, ...terms.map((term) => {
      const macs = macsOf(term, this.at);
      const value = { class: "value", title: exact(macs * factor), "data-macs": macs };
      return el("div", { class: `term ${term.channels === 1 ? "product" : ""}` },
        el("span", { class: "name" }, this.say(`term_${term.name}`)),
        el("span", { class: "symbol" }, symbolOf(term)),
        el("span", value, short(macs * factor)),
        el("span", { class: "share", "aria-hidden": "true" }, el("i", { style: `width:${(100 * macs) / sum}%` })),
        el("span", { class: "shape" }, shapes[term.name]));
    }));
  }

  sum(formula, value) {
    const total = el("b", { "data-total": value }, exact(value));
    return el("p", { class: "sum" }, el("span", { class: "symbol" }, formula), " = ", total, " ", this.unit);
  }
}

export default function derivation(component) {
  return mount(component, Derivation);
}
