/** What is chosen above the picture and over the chart: layer, scale, switches, and the two files of the picture. */

import { el } from "../kit/dom.js";
import { saveSheetPng, saveSheetSvg } from "../kit/export.js";

/** @typedef {import("./state.js").State} State */
/**
 * @typedef {Object} Hands
 * @property {() => State} state @property {(patch: Partial<State>) => void} set
 * @property {() => boolean} unshifted whether no block that is shown is shifted
 * @property {(put: typeof saveSheetPng) => void} save
 */

export class Controls {
  /**
   * @param {{layers: string[], scopes: string[], charts: string[]}} header @param {(key: string) => string} say
   * @param {Hands} hands
   */
  constructor({ layers, scopes, charts }, say, hands) {
    this.say = say;
    this.hands = hands;
    /** @type {(() => void)[]} */
    this.refreshers = [];
    const isMap = () => hands.state().layer !== "attention";
    const unshifted = () => hands.unshifted();
    const compare = (on) => hands.set({ other: on ? { block: hands.state().block, head: hands.state().head } : null });
    this.node = el("div", { class: "controls" },
      this.select("layer", layers),
      this.select("scope", scopes, isMap),
      this.toggle("grid"),
      this.toggle("rolled", unshifted),
      this.toggle("wrong", () => isMap() || unshifted()),
      this.toggle("compare", () => false, () => Boolean(hands.state().other), compare),
      el("span", { class: "saves" }, this.button("PNG", saveSheetPng), this.button("SVG", saveSheetSvg)));
    this.chart = this.select("chart", charts);
    this.chart.className = "chart-choice";
  }

  button(name, put) {
    return el("button", { type: "button", onclick: () => this.hands.save(put) }, name);
  }

  /** A part of the state, one of some; `useless` while it changes nothing. */
  select(name, options, useless = () => false) {
    const { say, hands } = this;
    const choose = (event) => hands.set({ [name]: event.target.value });
    const choices = options.map((option) => el("option", { value: option }, say(`${name}_${option}`)));
    const node = el("select", { onchange: choose }, ...choices);
    this.refreshers.push(() => { node.value = hands.state()[name]; node.disabled = useless(); });
    return el("label", {}, say(name), " ", node);
  }

  /** A part of the state that is on or off. */
  toggle(name, useless = () => false, get = () => this.hands.state()[name], put = undefined) {
    const { say } = this;
    put ??= (on) => this.hands.set({ [name]: on });
    const node = el("input", { type: "checkbox", onchange: () => put(node.checked) });
    this.refreshers.push(() => { node.checked = get(); node.disabled = useless(); });
    return el("label", { title: say(`${name}_help`) }, node, " ", say(name));
  }

  /** Show the state. */
  refresh() { this.refreshers.forEach((refresh) => refresh()); }
}
