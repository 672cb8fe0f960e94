/** On the picture's edge: how the attention is shown, of what, beside what, and what is taken away. */

import { el, roving } from "../../kit/dom.js";
import { saveSheetPng, saveSheetSvg } from "../../kit/export.js";
import { icon } from "./icons.js";
import { Popup } from "./popup.js";

/** @typedef {import("../state.js").State} State */
/**
 * @typedef {Object} Hands
 * @property {() => State} state @property {(patch: Partial<State>) => void} set
 * @property {() => import("../state.js").Choice} besides what it is compared with at first
 * @property {() => boolean} unshifted whether no block that is shown is shifted
 * @property {(put: typeof saveSheetPng) => void} save
 */

export class Toolbar {
  /** @type {(() => void)[]} */ refreshers = [];

  /**
   * @param {{layers: string[], scopes: string[]}} header @param {(key: string) => string} say
   * @param {Hands} hands @param {AbortSignal} signal
   */
  constructor({ layers, scopes }, say, hands, signal) {
    this.say = say;
    this.hands = hands;
    const map = () => hands.state().layer !== "attention";
    const wrong = this.check("wrong", () => map() || hands.unshifted());
    const compare = (on) => hands.set({ other: on ? hands.besides() : null });
    this.popups = [
      new Popup(this.button("layer"), say("layer"), signal,
        this.radios("layer", layers), this.radios("scope", scopes, map), wrong),
      new Popup(this.button("save"), say("save"), signal,
        this.file("PNG", saveSheetPng), this.file("SVG", saveSheetSvg)),
    ];
    const [layer, save] = this.popups.map(({ node }) => node);
    this.node = el("div", { class: "toolbar", role: "toolbar", "aria-label": say("toolbar") },
      this.toggle("light", map, () => !hands.state().colours, (on) => hands.set({ colours: !on })),
      this.toggle("grid"), this.toggle("rolled", () => hands.unshifted()), this.toggle("arcs", map), el("hr"),
      layer, this.toggle("compare", () => false, () => Boolean(hands.state().other), compare), el("hr"), save);
    this.rove();
  }

  /** One stop of the tab key; arrows go on from there. */
  rove() {
    const tools = () => /** @type {HTMLElement[]} */ ([...this.node.querySelectorAll(".tool")]);
    roving(this.node, tools, () => {});
    const stop = (tool) => tools().forEach((each) => { each.tabIndex = each === tool ? 0 : -1; });
    this.node.addEventListener("focusin", ({ target }) => {
      if (tools().includes(/** @type {HTMLElement} */ (target))) stop(target);
    });
    stop(tools()[0]);
  }

  /** @param {Record<string, any>} [more] @returns {HTMLButtonElement} */
  button(name, more = {}) {
    const said = { "aria-label": this.say(name), "data-tip": this.say(`${name}_help`) };
    return el("button", { type: "button", class: "tool", "data-tool": name, ...said, ...more }, icon(name));
  }

  /** A part of the state that is on or off; `useless` while it changes nothing. */
  toggle(name, useless = () => false, get = () => this.hands.state()[name], put = undefined) {
    put ??= (on) => this.hands.set({ [name]: on });
    const press = () => { if (!useless()) put(!get()); };
    const button = this.button(name, { onclick: press });
    this.refreshers.push(() => {
      button.setAttribute("aria-pressed", String(get()));
      button.setAttribute("aria-disabled", String(useless()));
    });
    return button;
  }

  /** One of some, in a card. */
  radios(name, options, useless = () => false) {
    const { say, hands } = this;
    const choose = (option) => hands.set({ [name]: option });
    const look = { type: "button", role: "radio", class: "option" };
    const buttons = options.map((option) => el("button", { ...look, value: option, onclick: () => choose(option) },
      say(`${name}_${option}`)));
    const node = el("div", { role: "radiogroup", "aria-label": say(name), class: `options ${name}` },
      el("div", { class: "card-title" }, say(name)), ...buttons);
    roving(node, () => buttons, (index) => choose(options[index]));
    this.refreshers.push(() => {
      for (const button of buttons) {
        const chosen = button.value === hands.state()[name];
        button.setAttribute("aria-checked", String(chosen));
        button.tabIndex = chosen ? 0 : -1;
        button.disabled = useless();
      }
    });
    return node;
  }

  /** On or off, in a card, with what it means. */
  check(name, useless) {
    const { say, hands } = this;
    const node = el("input", { type: "checkbox", onchange: () => hands.set({ [name]: node.checked }) });
    this.refreshers.push(() => { node.checked = hands.state()[name]; node.disabled = useless(); });
    return el("div", { class: "options" }, el("label", { class: "option" }, node, say(name)),
      el("div", { class: "card-note" }, say(`${name}_help`)));
  }

  file(name, put) {
    return el("button", { type: "button", class: "option", onclick: () => this.hands.save(put) }, name);
  }

  /** Show the state. */
  refresh() { this.refreshers.forEach((refresh) => refresh()); }
}
