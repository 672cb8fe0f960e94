/** A button that opens a small card beside it; Escape, a click elsewhere or leaving it closes the card. */

import { el } from "../../kit/dom.js";

export class Popup {
  /**
   * @param {HTMLButtonElement} button @param {string} name of the card @param {AbortSignal} signal
   * @param {...Node} content
   */
  constructor(button, name, signal, ...content) {
    this.button = button;
    this.card = /** @type {HTMLElement} */ (el("div",
      { class: "card", role: "group", "aria-label": name, hidden: true }, ...content));
    this.node = el("div", { class: "popup" }, button, this.card);
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => this.show(Boolean(this.card.hidden)));
    this.node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.card.hidden) return;
      event.stopPropagation();
      this.show(false);
      button.focus();
    });
    this.node.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !this.node.contains(/** @type {Node} */ (event.relatedTarget))) this.show(false);
    });
    window.addEventListener("pointerdown", (event) => {
      if (!event.composedPath().includes(this.node)) this.show(false);
    }, { signal });
  }

  /** @param {boolean} yes */
  show(yes) {
    this.card.hidden = !yes;
    this.button.setAttribute("aria-expanded", String(yes));
  }
}
