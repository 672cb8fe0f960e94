/** The step player: one lesson on two boards, with its paragraph, formula, running code and shapes lit together. */

import { BiasMaps } from "./bias.js";
import { CellBoard } from "./cellboard.js";
import { Component, CONTENT, mount } from "../kit/component.js";
import { el, isDark } from "../kit/dom.js";
import { saveSheetPng, sheet } from "../kit/export.js";
import { MaskPairs } from "./mask.js";
import { clamp } from "../kit/maths.js";
import { MergedTokens } from "./merging.js";
import { Reach } from "./shift.js";
import { Sight } from "./windows.js";

/**
 * @typedef {import("../kit/trace.js").Trace} Trace
 * @typedef {import("../kit/trace.js").Block} Block
 * @typedef {import("../kit/trace.js").Message} Message
 * @typedef {(key: string, fields?: Object) => string} Say
 * @typedef {{trace: Trace, block: Block, message: Message, say: Say, signal: AbortSignal}} Context of an extra view
 * @typedef {Object} Extra a lesson's own view of the run, below the boards
 * @property {HTMLElement} node
 * @property {(dark: boolean) => void} draw
 * @property {HTMLElement} [head] what stands beside the step's words
 * @property {(step: Step, dark: boolean) => void} [follow] the step is another
 * @typedef {Object} Step of all boards; `keys` and `shapes` of each
 * @property {string[]} keys @property {string[]} shapes @property {number} formula @property {number[]} lit
 * @property {string} kind @property {string} features @property {number} block
 */

/** By screen, and so named after it. @type {Record<string, new (context: Context) => Extra>} */
const EXTRAS = { bias: BiasMaps, mask: MaskPairs, merging: MergedTokens, shift: Reach, windows: Sight };
const PAUSE_MS = 2600;
const [LEAST_HIGH, MOST_HIGH, AROUND] = [230, 460, 500]; // pixels: a board, and what stands with it on one screen
const [LEAST_WIDE, TALLEST] = [200, 0.86]; // pixels, and a board's height by its width

class LessonView extends Component {
  static shape = ["words", "language", "boards", "steps", "code", "formula", "extra", "block", "key", ...CONTENT];

  step = 0;
  playing = 0; // the timer's number
  still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  /** @type {CellBoard[]} */ boards = [];
  /** @type {Extra|null} */ extra = null;

  constructor(root, signal) {
    super(root, signal, "step", 350);
    root.tabIndex = -1;
    root.addEventListener("keydown", (event) => this.key(event), { signal });
    document.addEventListener("keydown", (event) => this.pageKey(event), { signal });
    signal.addEventListener("abort", () => clearInterval(this.playing));
  }

  /** Another lesson begins where the server says; the same goes on where it is. */
  receive(isNew) {
    if (isNew("lesson")) this.step = this.header.step;
    this.step = Math.min(this.step, this.last);
  }

  /** The last step's number. */
  get last() { return this.header.steps.length - 1; }

  build() {
    const { header, say, trace, message, signal } = this;
    const board = (_, index) => new CellBoard({ header, index, message, say, signal }, trace?.photo());
    this.boards = header.boards.map(board);
    this.text = el("p", { class: "lesson-text", "aria-live": "polite" });
    const parts = header.formula.map((part, i) => `${i && !part.startsWith("≡") ? "→ " : ""}${part} `);
    this.formula = el("p", { class: "formula" }, ...parts.map((part, i) => el("span", { "data-part": i }, part)));
    const lines = header.code.map((line) => el("code", {}, `${line}\n`));
    this.code = el("pre", { class: "code", tabindex: "0", "aria-label": say("code") }, ...lines);
    const View = EXTRAS[header.extra];
    this.extra = View ? new View({ trace, block: trace.blocks[header.block], message, say, signal }) : null;
    this.root.replaceChildren(
      this.player(),
      el("div", { class: "lesson-head" }, el("div", {}, this.formula, this.text), this.extra?.head),
      el("div", { class: "boards" }, ...this.boards.map((board) => board.node)), this.code,
      ...(this.extra ? [this.extra.node] : []));
    this.showPlaying();
  }

  player() {
    const { say } = this;
    const button = (text, onclick) => el("button", { type: "button", onclick }, text);
    const back = button(say("back"), () => this.go(this.step - 1));
    const forward = button(say("forward"), () => this.go(this.step + 1));
    this.scrub = el("input", { type: "range", min: 0, max: this.last, "aria-label": say("step") });
    this.scrub.addEventListener("input", () => this.go(Number(this.scrub.value)));
    this.count = el("span", { class: "number" });
    this.playButton = button(say("play"), () => this.play());
    return el("div", { class: "player", role: "group", "aria-label": say("player") },
      back, this.scrub, forward, this.playButton, this.count, button("PNG", () => this.save()));
  }

  key(event) {
    const step = { ArrowLeft: this.step - 1, ArrowRight: this.step + 1, Home: 0, End: this.last }[event.key];
    if (step === undefined || event.defaultPrevented) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.composedPath()[0];
    if (target !== this.scrub && target.matches?.("input, select, textarea, canvas, pre, [contenteditable]")) return;
    event.preventDefault();
    this.go(step);
  }

  /** Keys that nobody has asked for: the page's body, or what scrolls in it, whose Home and End stay its own. */
  pageKey(event) {
    const focused = document.activeElement;
    const scrolls = focused?.matches(".stMain") && event.key.startsWith("Arrow");
    if (focused === document.body || scrolls) this.key(event);
  }

  go(step) {
    this.step = clamp(step, 0, this.last);
    this.settler.settle(this.step);
    this.show(isDark(this.root), !this.still);
  }

  play() {
    if (this.playing) { this.stop(); return; }
    if (this.step === this.last) this.go(0);
    this.playing = window.setInterval(() => {
      this.go(this.step + 1);
      if (this.step === this.last || !this.root.isConnected) this.stop();
    }, PAUSE_MS);
    this.showPlaying();
  }

  stop() {
    clearInterval(this.playing);
    this.playing = 0;
    this.showPlaying();
  }

  /** The button's word and state; it is made anew with another language or grid, while the lesson plays on. */
  showPlaying() {
    this.playButton.setAttribute("aria-pressed", String(Boolean(this.playing)));
    this.playButton.textContent = this.say(this.playing ? "pause" : "play");
  }

  /** The step's paragraph; where the boards are of different kinds, each has its own. */
  words() {
    const { keys } = this.header.steps[this.step];
    const each = keys.map((key) => this.say(`step_${key}`).replaceAll("`", ""));
    return new Set(keys).size === 1 ? each[0] : each.map((text, i) => `${this.boards[i].title}: ${text}`).join(" ");
  }

  save() {
    const parts = this.boards.map((board) => ({ label: board.title, canvas: board.canvas }));
    const name = `swin_viz-${this.header.lesson}-${this.step + 1}`;
    saveSheetPng(sheet(parts), `${this.header.caption} · ${this.text.textContent}`, name);
  }

  draw(dark) {
    this.show(dark, false);
    this.extra?.draw(dark);
  }

  /** The step on the boards and in all that is lit with it; `animate`: the cells move there. */
  show(dark, animate) {
    const { header, step } = this;
    const { formula, lit } = header.steps[step];
    this.scrub.value = String(step);
    this.count.textContent = `${step + 1} / ${header.steps.length}`;
    this.text.textContent = this.words();
    this.extra?.follow?.(header.steps[step], dark);
    this.formula.querySelectorAll("span").forEach((span, i) => span.classList.toggle("lit", i === formula));
    this.code.querySelectorAll("code").forEach((line, i) => line.classList.toggle("lit", lit.includes(i)));
    this.scrollCode();
    const high = clamp(innerHeight - AROUND, LEAST_HIGH, MOST_HIGH);
    for (const board of this.boards) {
      const width = Math.max(LEAST_WIDE, board.node.clientWidth);
      board.canvas.setAttribute("aria-label", `${board.title}: ${this.text.textContent} ${this.say("board_keys")}`);
      board.show(step, width, Math.min(high, width * TALLEST), dark, animate);
    }
    this.root.drawn = { step, playing: Boolean(this.playing) };
  }

  /** The lit lines into the middle of the code's box, and the page left where it is. */
  scrollCode() {
    const { code } = this;
    const first = /** @type {HTMLElement|null} */ (code.querySelector(".lit"));
    if (first) code.scrollTop = first.offsetTop - code.offsetTop - (code.clientHeight - first.offsetHeight) / 2;
  }
}

export default function lesson(component) {
  return mount(component, LessonView);
}
