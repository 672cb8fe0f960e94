/**
 * The derivation of equations 1 and 2, live: sliders and boxes for h, w, C, M; each term's number under its symbol.
 * The terms come from swin_viz/cost/terms.py as monomials: coefficient · (h·w)^tokens · C^channels · M^window.
 */

import { drawCurves } from "./curves.js";
import { el, speaker } from "../kit/dom.js";
import { mount, settler } from "../kit/component.js";

const NAMES = ["h", "w", "c", "m"];
const LETTERS = { h: "h", w: "w", c: "C", m: "M" };
const SUPERS = { 1: "", 2: "²", 3: "³", 4: "⁴" };

/** @typedef {{name: string, coefficient: number, tokens: number, channels: number, window: number}} Term */
/** @typedef {{h: number, w: number, c: number, m: number}} Sizes */

/** Multiply-adds of one term, exact: every value stays under 2^53. @param {Term} term @param {Sizes} at */
export function macsOf(term, at) {
  return term.coefficient * (at.h * at.w) ** term.tokens * at.c ** term.channels * at.m ** term.window;
}

/** Multiply-adds of several terms. @param {Term[]} terms @param {Sizes} at */
export const sumOf = (terms, at) => terms.reduce((sum, term) => sum + macsOf(term, at), 0);

/** A term as the paper writes it. @param {Term} term */
export function symbolOf(term) {
  const parts = [];
  if (term.coefficient !== 1) parts.push(String(term.coefficient));
  if (term.window) parts.push(`M${SUPERS[term.window]}`);
  if (term.tokens) parts.push(term.tokens > 1 ? `(h·w)${SUPERS[term.tokens]}` : "h·w");
  if (term.channels) parts.push(`C${SUPERS[term.channels]}`);
  return parts.join("·");
}

/** Three digits and a prefix, as numbers.py writes it. */
export function short(value) {
  for (const [size, prefix] of [[1e18, "E"], [1e15, "P"], [1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
    if (value >= 0.9995 * size) {
      const scaled = value / size;
      return `${scaled.toFixed(scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0)} ${prefix}`;
    }
  }
  return String(value);
}

const exact = (value) => value.toLocaleString("en-US");
const rounded = (value) => (Number.isInteger(value) ? exact(value) : value < 9.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : exact(Math.round(value)));

class Derivation {
  constructor(root, signal) {
    this.root = root;
    this.settler = settler(root, signal, (value) => { this.sent = this.text(value); this.send("sizes", value); }, 350);
    this.live = el("div", { class: "live", "aria-live": "polite" });
    new ResizeObserver(() => this.schedule()).observe(root);
    signal.addEventListener("abort", () => root.replaceChildren());
  }

  update(data, send) {
    this.send = send;
    this.data = data;
    const key = JSON.stringify([data.words, data.presets, data.limits, data.unit]);
    const first = this.text(data.first);
    if (first !== this.first && first !== this.sent) { // an address or another picture, not the echo of a move
      this.at = { ...data.first };
      this.settler.told(this.at); // the server's own: nothing to say, and what still waited to be said is overtaken
      this.settler.settle(this.at);
    }
    this.first = first;
    if (key !== this.key) this.build();
    this.key = key;
    this.schedule();
  }

  /** Sizes as one text, whatever the order they came in. */
  text(sizes) { return NAMES.map((name) => sizes[name]).join(" "); }

  /** What only other words, limits or presets change. */
  build() {
    const { words, presets, language } = this.data;
    this.say = speaker(words);
    this.root.lang = language;
    this.boxes = {};
    const controls = el("div", { class: "sizes" }, ...NAMES.map((name) => this.control(name)));
    this.presets = presets.map((preset) => el("button", { type: "button", onclick: () => this.set(preset.at) }, preset.title));
    this.results = el("div", { class: "derivation" });
    this.picture = el("div", { class: "curves" });
    this.root.replaceChildren(
      el("div", { class: "presets", role: "group", "aria-label": this.say("presets") }, el("span", { class: "quiet" }, this.say("presets")), ...this.presets),
      controls, this.results, this.picture, this.live);
  }

  control(name) {
    const [least, most] = this.data.limits[name];
    const id = `size-${name}`;
    const slider = el("input", { type: "range", min: least, max: most, step: 1, "aria-label": this.say(`size_${name}`), oninput: (event) => this.typed(name, event.target.value) });
    const box = el("input", { type: "number", min: least, max: most, step: 1, id, "aria-describedby": `${id}-why`, oninput: (event) => this.typed(name, event.target.value) });
    const why = el("div", { class: "why", id: `${id}-why`, role: "alert" });
    this.boxes[name] = { slider, box, why };
    return el("div", { class: "size" }, el("label", { for: id }, el("b", {}, LETTERS[name]), " ", this.say(`size_${name}`)), slider, box, why);
  }

  /** What was typed, if it can be; else why not, in place, and the numbers stay. */
  typed(name, text) {
    const value = Number(text);
    const [least, most] = this.data.limits[name];
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

  schedule() {
    if (this.frame || !this.results) return;
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.draw(); });
  }

  draw() {
    const { at, data } = this;
    for (const name of NAMES) {
      const { slider, box } = this.boxes[name];
      if (slider.valueAsNumber !== at[name]) slider.value = at[name];
      if (box.valueAsNumber !== at[name] && box.getAttribute("aria-invalid") !== "true") box.value = at[name];
      slider.setAttribute("aria-valuetext", `${LETTERS[name]} = ${at[name]}`);
    }
    data.presets.forEach((preset, i) => this.presets[i].setAttribute("aria-pressed", String(NAMES.every((name) => preset.at[name] === at[name]))));
    const whole = sumOf(data.terms.msa, at) * data.factor;
    const windows = sumOf(data.terms.w_msa, at) * data.factor;
    this.results.replaceChildren(...this.msa(whole), ...this.oneWindow(), ...this.windows(windows, whole));
    drawCurves(this.picture, { terms: data.terms, at, say: this.say, factor: data.factor, unit: this.unit, sumOf, short });
    this.live.textContent = this.say("spoken", { msa: short(whole), w_msa: short(windows), unit: this.unit, ratio: rounded(whole / windows) });
  }

  get unit() { return this.say(`unit_${this.data.unit}`); }

  msa(whole) {
    const n = this.at.h * this.at.w;
    return [el("h2", {}, this.say("msa_title")), this.row(this.data.terms.msa, this.at, n, n),
      this.sum("Ω(MSA) = 4·h·w·C² + 2·(h·w)²·C", whole)];
  }

  oneWindow() {
    const { at } = this;
    const n = at.m ** 2;
    const one = sumOf(this.data.terms.one_window, at) * this.data.factor;
    const count = Math.ceil(at.h / at.m) * Math.ceil(at.w / at.m);
    const key = at.h % at.m || at.w % at.m ? "one_to_all_padded" : "one_to_all";
    const formula = exact(sumOf(this.data.terms.w_msa, at) * this.data.factor);
    const numbers = { one: exact(one), count: exact(count), total: exact(one * count), formula, unit: this.unit };
    return [el("h2", {}, this.say("one_title", { m: at.m, n })), this.row(this.data.terms.one_window, at, n, n),
      el("p", { class: "steps", "data-windows": count, "data-all": one * count }, this.say(key, { h: at.h, w: at.w, m: at.m, ...numbers }))];
  }

  windows(windows, whole) {
    const { at } = this;
    return [el("h2", {}, this.say("windows_title")), this.row(this.data.terms.w_msa, at, at.h * at.w, at.m ** 2),
      this.sum("Ω(W-MSA) = 4·h·w·C² + 2·M²·h·w·C", windows),
      el("p", { class: "ratio" }, this.say("ratio", { ratio: rounded(whole / windows) })),
      ...this.notes(windows).map((text) => el("p", { class: "note" }, text))];
  }

  /** Where the two are equal, which term leads, and what an implementation pads. */
  notes(windows) {
    const { at, say, data } = this;
    const tokens = at.h * at.w;
    const notes = [say(tokens > at.m ** 2 ? "equal_above" : tokens < at.m ** 2 ? "equal_below" : "equal_here", { tokens: exact(tokens), n: at.m ** 2 })];
    notes.push(say(tokens > 2 * at.c ? "overtaken" : tokens < 2 * at.c ? "not_overtaken" : "overtaken_here", { tokens: exact(tokens), c2: 2 * at.c }));
    const [h, w] = [at.h, at.w].map((side) => Math.ceil(side / at.m) * at.m);
    if (h !== at.h || w !== at.w) {
      const real = sumOf(data.terms.w_msa, { ...at, h, w }) * data.factor;
      const more = rounded(100 * (real / windows - 1));
      notes.push(say("padded_to", { h: at.h, w: at.w, m: at.m, h2: h, w2: w, real: short(real), unit: this.unit, more }));
    }
    if (at.m > Math.max(at.h, at.w)) notes.push(say("window_too_large", { m: at.m }));
    return notes;
  }

  row(terms, at, tokens, keys) {
    const { c } = at;
    const shapes = {
      qkv: `(${tokens}×${c})·(${c}×${3 * c})`, scores: `(${tokens}×${c})·(${c}×${keys})`,
      values: `(${tokens}×${keys})·(${keys}×${c})`, proj: `(${tokens}×${c})·(${c}×${c})`,
    };
    const sum = sumOf(terms, at);
    return el("div", { class: "terms" }, ...terms.map((term) => {
      const macs = macsOf(term, at);
      return el("div", { class: `term ${term.channels === 1 ? "product" : ""}` },
        el("span", { class: "name" }, this.say(`term_${term.name}`)),
        el("span", { class: "symbol" }, symbolOf(term)),
        el("span", { class: "value", title: exact(macs * this.data.factor), "data-macs": macs }, short(macs * this.data.factor)),
        el("span", { class: "share", "aria-hidden": "true" }, el("i", { style: `width:${(100 * macs) / sum}%` })),
        el("span", { class: "shape" }, shapes[term.name]));
    }));
  }

  sum(formula, value) {
    return el("p", { class: "sum" }, el("span", { class: "symbol" }, formula), " = ", el("b", { "data-total": value }, exact(value)), " ", this.unit);
  }
}

export default function derivation(component) {
  return mount(component, Derivation);
}
