/** The row of buttons: step by step or by itself, the head, and the picture's files. */

import { el } from "../kit/dom.js";
import { saveSheetPng, saveSheetSvg } from "../kit/export.js";

const PAUSE_MS = 3000; // so that there is time to read

/**
 * @typedef {Object} Hands
 * @property {() => number} step @property {(step: number) => void} go @property {(head: number) => void} head
 * @property {(put: typeof saveSheetPng) => void} save
 */

export class Player {
  #playing = 0;

  /** @param {number} last step @param {(key: string) => string} say @param {Hands} hands */
  constructor(last, say, hands) {
    this.last = last;
    this.say = say;
    this.hands = hands;
    const slide = () => hands.go(Number(this.scrub.value));
    const button = (name, act, more = {}) => el("button", { type: "button", onclick: act, ...more }, name);
    this.scrub = el("input", { type: "range", min: 0, max: last, "aria-label": say("step"), oninput: slide });
    this.head = el("select", { onchange: () => hands.head(Number(this.head.value)) });
    this.play = button(say("play"), () => (this.#playing ? this.stop() : this.start()), { "aria-pressed": "false" });
    this.node = el("div", { class: "player" },
      button(say("back"), () => hands.go(hands.step() - 1)), this.scrub,
      button(say("forward"), () => hands.go(hands.step() + 1)),
      el("label", {}, say("head_label"), " ", this.head), this.play,
      button("PNG", () => hands.save(saveSheetPng)), button("SVG", () => hands.save(saveSheetSvg)));
  }

  /** @param {number} step @param {number} head @param {number} heads */
  draw(step, head, heads) {
    this.scrub.value = String(step);
    if (this.head.options.length !== heads) {
      this.head.replaceChildren(...Array.from({ length: heads }, (_, h) => el("option", { value: h }, String(h + 1))));
    }
    this.head.value = String(head);
  }

  /** Step on by itself, from the start if this is the end; a second press stops. */
  start() {
    if (this.hands.step() === this.last) this.hands.go(0);
    this.show("pause");
    this.#playing = setInterval(() => {
      this.hands.go(this.hands.step() + 1);
      if (this.hands.step() === this.last || !this.node.isConnected) this.stop();
    }, PAUSE_MS);
  }

  stop() {
    clearInterval(this.#playing);
    this.#playing = 0;
    this.show("play");
  }

  show(word) {
    this.play.setAttribute("aria-pressed", String(word === "pause"));
    this.play.textContent = this.say(word);
  }
}
