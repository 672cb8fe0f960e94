/** Steps, one after the other: named ticks, back, play, on; at the end the next screen in place of a next step. */

import { el } from "../../kit/dom.js";
import { clamp } from "../../kit/maths.js";

const PLAY = "M8 5.5l10 6.5-10 6.5z";
const PAUSE = "M7 5.5h3.6v13H7zM13.4 5.5H17v13h-3.6z";

const ARRIVES_MS = 8000;
let left = -Infinity; // when a lesson was left by its own link

/** Whether a lesson opens because the one before was left for it; asked once. */
export function arrives() {
  const yes = performance.now() - left < ARRIVES_MS;
  left = -Infinity;
  return yes;
}

/**
 * @typedef {Object} Hands
 * @property {(step: number) => void} go
 * @property {number} pause milliseconds that a step is shown while it plays
 * @property {{href: string, title: string, kind: string}|null} next the screen after the last step
 * @property {AbortSignal} signal
 */

export class Player {
  #playing = 0; // the timer's number
  step = 0;

  /** @param {string[]} names of the steps @param {(key: string, fields?: Object) => string} say @param {Hands} hands */
  constructor(names, say, hands) {
    this.say = say;
    this.hands = hands;
    this.names = names;
    const button = (cls, text, onclick) => el("button", { type: "button", class: cls, onclick }, text);
    this.back = button("back", say("back"), () => hands.go(this.step - 1));
    this.forward = button("main", say("forward"), () => hands.go(this.step + 1));
    this.icon = el("path", {});
    this.playButton = el("button", { type: "button", class: "ghost play", onclick: () => this.turn() },
      el("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, this.icon));
    this.ticks = names.map((name, i) => this.tick(name, i));
    this.count = el("span", { class: "number" });
    this.end = this.link();
    this.node = el("div", { class: "player", role: "group", "aria-label": say("player") }, this.back, this.playButton,
      el("div", { class: "ticks" }, ...this.ticks), this.count, this.forward, this.end);
    this.node.addEventListener("keydown", (event) => this.key(event), { signal: hands.signal });
    hands.signal.addEventListener("abort", () => clearInterval(this.#playing));
    this.showPlaying();
  }

  get last() { return this.names.length - 1; }

  get playing() { return Boolean(this.#playing); }

  tick(name, i) {
    const label = this.say("step_name", { number: i + 1, name });
    const more = { class: "tick", "aria-label": label, title: label, onclick: () => this.hands.go(i) };
    return el("button", { type: "button", ...more }, el("span", {}, name));
  }

  /** Arrow keys, Home and End on any of the player's buttons. @param {KeyboardEvent} event */
  key(event) {
    const step = { ArrowLeft: this.step - 1, ArrowRight: this.step + 1, Home: 0, End: this.last }[event.key];
    const choosing = /** @type {Element} */ (event.target).matches("select, input");
    if (step === undefined || choosing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.hands.go(clamp(step, 0, this.last));
  }

  /** The next screen. Streamlit's own link to it is followed, without a reload; a file on its own has none. */
  link() {
    const { next } = this.hands;
    if (!next || location.protocol === "file:") return null;
    const link = el("a", { class: "main", href: next.href, hidden: true }, this.say(next.kind, { title: next.title }));
    link.addEventListener("click", (event) => {
      const own = /** @type {HTMLElement|null} */ (document.querySelector(".st-key-next_screen a"));
      if (!own || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      left = performance.now();
      own.click();
    });
    return link;
  }

  /** @param {number} step that is shown */
  show(step) {
    this.step = clamp(step, 0, this.last);
    const root = /** @type {Document|ShadowRoot} */ (this.node.getRootNode());
    const focused = /** @type {HTMLElement|null} */ (root.activeElement ?? null);
    this.ticks.forEach((tick, i) => {
      tick.classList.toggle("done", i < this.step);
      tick.tabIndex = i === this.step ? 0 : -1;
      if (i === this.step) tick.setAttribute("aria-current", "step");
      else tick.removeAttribute("aria-current");
    });
    this.count.textContent = `${this.step + 1} / ${this.names.length}`;
    const [ends, starts] = [this.step === this.last, this.step === 0];
    this.back.setAttribute("aria-disabled", String(starts));
    if (this.end) { this.end.hidden = !ends; this.forward.hidden = ends; }
    this.forward.setAttribute("aria-disabled", String(ends));
    this.refocus(focused, ends);
  }

  /** What had the focus is another now. @param {HTMLElement|null} focused @param {boolean} ends */
  refocus(focused, ends) {
    const { ticks, end, forward, step } = this;
    const to = focused?.classList.contains("tick") && this.node.contains(focused) ? ticks[step]
      : end && focused === forward && ends ? end : end && focused === end && !ends ? forward : null;
    to?.focus({ preventScroll: true });
  }

  /** Step on by itself, from the start if this is the end; a second press stops. */
  turn() {
    if (this.#playing) { this.stop(); return; }
    if (this.step === this.last) this.hands.go(0);
    this.#playing = window.setInterval(() => {
      this.hands.go(this.step + 1);
      if (this.step === this.last || !this.node.isConnected) this.stop();
    }, this.hands.pause);
    this.showPlaying();
  }

  stop() {
    clearInterval(this.#playing);
    this.#playing = 0;
    this.showPlaying();
  }

  showPlaying() {
    this.playButton.setAttribute("aria-pressed", String(this.playing));
    const word = this.say(this.playing ? "pause" : "play");
    this.playButton.setAttribute("aria-label", word);
    this.playButton.title = word;
    this.icon.setAttribute("d", this.playing ? PAUSE : PLAY);
  }
}

/**
 * The short names of steps: `tick_<key>`, of a variant its step's own.
 * @param {string[]} keys @param {Record<string, string>} words
 */
export function tickNames(keys, words) {
  const name = (key) => words[`tick_${key}`] ?? (key.includes("_") ? name(key.slice(0, key.lastIndexOf("_"))) : key);
  return keys.map(name);
}
