/** What one can do below the picture: recolour the disc, hear the story again, go on to Attention, bring a picture. */

import { el, roving } from "../../kit/dom.js";

const OWN = ["tile", "token", "disc", "pinned"]; // keys of the address that are this screen's alone
const LINK = ".st-key-stage_to_attention a"; // Streamlit's own link, which opens the page without a reload

/** @typedef {(key: string, fields?: Object) => string} Say */

export class Acts {
  /** @type {HTMLButtonElement[]} */ swatches = [];

  /** @param {{recolour: (word: string|null) => void, again: () => void, leave: () => void}} hands */
  constructor(hands) {
    this.hands = hands;
    this.node = el("div", { class: "acts" });
  }

  /** @param {any} scene with its colours, if it is a drawn one @param {Say} say */
  build(scene, say) {
    this.replay = el("button", { type: "button", class: "replay", onclick: () => this.hands.again() });
    const choose = () => /** @type {HTMLElement|null} */ (document.querySelector("[data-does=own]"))?.click();
    const own = el("button", { type: "button", class: "own", onclick: choose }, say("own_picture"));
    this.link = this.toAttention(say);
    this.node.replaceChildren(...(scene.colours ? [this.dots(scene, say)] : []), this.replay, this.link, own);
  }

  /** The disc in each of the scene's colours. */
  dots({ colours, target }, say) {
    const name = el("span", { class: "recolour", id: "recolour" }, say("recolour"));
    this.words = colours.map(([word], i) => (i === target - 1 ? null : word));
    const press = (i) => () => this.hands.recolour(this.words[i]);
    const dot = ([, css, title], i) => el("button", { type: "button", role: "radio", class: "dot", title,
      "aria-label": title, onclick: press(i) }, el("i", { style: `background:${css}` }));
    this.swatches = colours.map(dot);
    const group = el("div", { class: "dots", role: "radiogroup", "aria-labelledby": "recolour" }, ...this.swatches);
    roving(group, () => this.swatches, (i) => this.hands.recolour(this.words[i]));
    return el("div", { class: "disc" }, name, group);
  }

  /** @param {Say} say */
  toAttention(say) {
    const link = el("a", { class: "on" }, say("to_attention"));
    link.addEventListener("click", (event) => {
      const own = /** @type {HTMLElement|null} */ (document.querySelector(LINK));
      if (!own || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      own.click();
    });
    for (const name of ["pointerenter", "focus"]) link.addEventListener(name, () => this.hands.leave());
    return link;
  }

  /**
   * @param {string|null} disc the colour that the disc has, or shall have @param {Record<string, string>} choice
   *   what Attention is to show, as its address says it @param {string} replay what the button would do
   */
  show(disc, choice, replay) {
    this.swatches.forEach((swatch, i) => {
      swatch.setAttribute("aria-checked", String(this.words[i] === disc));
      swatch.tabIndex = this.words[i] === disc ? 0 : -1;
    });
    const query = new URLSearchParams(location.search);
    for (const name of OWN) query.delete(name);
    for (const [name, value] of Object.entries(choice)) query.set(name, value);
    const href = `attention?${query}`;
    if (this.link.getAttribute("href") !== href) this.link.setAttribute("href", href);
    if (this.replay.title === replay) return;
    this.replay.title = replay;
    this.replay.setAttribute("aria-label", replay);
    this.replay.textContent = "↻";
  }
}
