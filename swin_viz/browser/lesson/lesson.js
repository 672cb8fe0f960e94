/** The step player: one lesson on two boards, with its paragraph, formula, running code and shapes lit together. */

import { BiasMaps } from "./bias.js";
import { BlockPair } from "./parts/blockpair.js";
import { NO_WINDOW, PLAIN_GROUP } from "./board.js";
import { CellBoard } from "./cellboard.js";
import { el, isDark, speaker } from "../kit/dom.js";
import { saveSheetPng, sheet } from "../kit/export.js";
import { MaskPairs } from "./mask.js";
import { MergedTokens } from "./merging.js";
import { mount, settler } from "../kit/component.js";
import { Reach } from "./shift.js";
import { Sight } from "./windows.js";
import { Trace, unpack } from "../kit/trace.js";

const EXTRAS = {
  reach: (view) => new Reach(view.trace, view.say, view.signal),
  sight: (view) => new Sight(view.trace, view.header.block, view.say, view.signal),
  mask: (view, message) => new MaskPairs(view.trace, view.header.block, message, view.say, view.signal),
  merging: (view, message) => new MergedTokens(view.trace, view.header.block, message, view.say, view.signal),
  bias: (view, message) => new BiasMaps(view.trace, view.header.block, message, view.say, view.signal),
};
const PAUSE_MS = 2600;
const [LEAST_HIGH, MOST_HIGH, AROUND] = [230, 460, 500]; // pixels: a board, and what stands with it on one screen

class LessonView {
  constructor(root, signal) {
    Object.assign(this, { root, signal });
    this.settler = settler(root, signal, (value) => this.send("step", value), 350);
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    new ResizeObserver(() => this.schedule()).observe(root);
    root.addEventListener("keydown", (event) => this.key(event), { signal });
    document.addEventListener("keydown", (event) => this.pageKey(event), { signal });
    signal.addEventListener("abort", () => { clearInterval(this.playing); root.replaceChildren(); });
  }

  update(data, send) {
    this.send = send;
    if (data === this.data) { this.schedule(); return; }
    this.data = data;
    const message = unpack(data);
    const same = this.header?.lesson === message.header.lesson;
    this.header = message.header;
    this.say = speaker({ ...this.header.words, language: this.header.language });
    this.trace = this.header.run ? new Trace(message, this.header.run) : null;
    if (this.trace) this.trace.id = this.header.key;
    if (!same) this.step = this.header.step;
    this.step = Math.min(this.step, this.header.steps.length - 1);
    this.build(message);
    this.schedule();
  }

  build(message) {
    const { header, say } = this;
    this.root.lang = header.language;
    this.root.tabIndex = -1;
    const photo = this.trace?.photo();
    this.boards = header.boards.map((meta) => new CellBoard(message, { ...meta, title: say(meta.title) }, photo, { say, describe: (board, cell) => this.describe(board, cell) }, this.signal));
    this.scrub = el("input", { type: "range", min: 0, max: header.steps.length - 1, "aria-label": say("step"), oninput: () => this.go(Number(this.scrub.value)) });
    this.count = el("span", { class: "number" });
    this.text = el("p", { class: "lesson-text", "aria-live": "polite" });
    this.formula = el("p", { class: "formula" }, ...header.formula.map((part, i) => el("span", { "data-part": i }, i && !part.startsWith("≡") ? `→ ${part} ` : `${part} `)));
    this.code = el("pre", { class: "code", tabindex: "0", "aria-label": say("code") }, ...header.code.map((line) => el("code", {}, `${line}\n`)));
    const button = (name, act, more = {}) => el("button", { type: "button", onclick: act, ...more }, say(name));
    this.playButton = button("play", () => this.play(), { "aria-pressed": "false" });
    const player = el("div", { class: "player", role: "group", "aria-label": say("player") },
      button("back", () => this.go(this.step - 1)), this.scrub, button("forward", () => this.go(this.step + 1)), this.playButton, this.count,
      el("button", { type: "button", onclick: () => this.save() }, "PNG"));
    this.extra = header.extra ? EXTRAS[header.extra](this, message) : null;
    this.pair = header.extra === "reach" ? new BlockPair(this.trace, header.block, say) : null;
    this.root.replaceChildren(player, el("div", { class: "lesson-head" }, el("div", {}, this.formula, this.text), this.pair?.node),
      el("div", { class: "boards" }, ...this.boards.map((board) => board.node)), this.code, ...(this.extra ? [this.extra.node] : []));
    this.showPlaying();
  }

  key(event) {
    const step = { ArrowLeft: this.step - 1, ArrowRight: this.step + 1, Home: 0, End: this.header.steps.length - 1 }[event.key];
    if (step === undefined || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.composedPath()[0];
    if (target !== this.scrub && target.matches?.("input, select, textarea, canvas, pre, [contenteditable]")) return;
    event.preventDefault();
    this.go(step);
  }

  /** Keys that nobody has asked for: the page's body, or what scrolls in it, whose Home and End stay its own. */
  pageKey(event) {
    const focused = document.activeElement;
    if (focused === document.body || (focused?.matches(".stMain") && event.key.startsWith("Arrow"))) this.key(event);
  }

  go(step) {
    this.step = Math.max(0, Math.min(this.header.steps.length - 1, step));
    this.settler.settle(this.step);
    this.draw(true);
  }

  play() {
    const stop = () => { clearInterval(this.playing); this.playing = 0; this.showPlaying(); };
    if (this.playing) { stop(); return; }
    if (this.step === this.header.steps.length - 1) this.go(0);
    this.playing = setInterval(() => {
      this.go(this.step + 1);
      if (this.step === this.header.steps.length - 1 || !this.root.isConnected) stop();
    }, PAUSE_MS);
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
    return new Set(keys).size === 1 ? each[0] : each.map((text, i) => `${this.boards[i].meta.title}: ${text}`).join(" ");
  }

  save() {
    const parts = this.boards.map((board) => ({ label: board.meta.title, canvas: board.canvas }));
    saveSheetPng(sheet(parts), `${this.header.caption} · ${this.text.textContent}`, `swin_viz-${this.header.lesson}-${this.step + 1}`);
  }

  describe(board, cell) {
    const source = [board.sources[2 * cell], board.sources[2 * cell + 1]];
    const [values, groups, windows] = ["values", "groups", "windows"].map((kind) => board.array(kind, this.step));
    const lit = board.alike();
    const alike = lit.reduce((a, b) => a + b, 0);
    if (board.meta.ramp) {
      const N = Math.round(Math.sqrt(groups.length));
      return this.say("pair_cell", { query: Math.floor(cell / N), key: cell % N, value: values[cell], alike });
    }
    const token = source[0] < 0 ? this.say("padding_cell") : this.say("plain_cell", { row: source[0], column: source[1] });
    if (windows && windows[cell] !== NO_WINDOW) {
      const padding = lit.reduce((a, yes, i) => a + (yes && board.sources[2 * i] < 0), 0);
      return `${token} ${this.say(padding ? "window_padded" : "window_cell", { window: windows[cell], alike, padding })}`;
    }
    return source[0] < 0 || groups[cell] === PLAIN_GROUP ? token : this.say("token_cell", { row: source[0], column: source[1], alike });
  }

  schedule() {
    if (this.frame || !this.boards) return;
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.draw(false); this.extra?.draw(isDark(this.root)); });
  }

  draw(animate) {
    const { header, say, step } = this;
    const dark = isDark(this.root);
    this.root.classList.toggle("dark", dark);
    this.scrub.value = String(step);
    this.count.textContent = `${step + 1} / ${header.steps.length}`;
    const { formula, lit, shapes } = header.steps[step];
    this.text.textContent = this.words();
    this.pair?.draw(dark, step > 0);
    this.formula.querySelectorAll("span").forEach((span, i) => span.classList.toggle("lit", i === formula));
    this.code.querySelectorAll("code").forEach((line, i) => line.classList.toggle("lit", lit.includes(i)));
    this.scrollCode();
    const high = Math.max(LEAST_HIGH, Math.min(MOST_HIGH, innerHeight - AROUND));
    for (const [i, board] of this.boards.entries()) {
      board.shape.textContent = shapes[i];
      const width = Math.max(200, board.node.clientWidth);
      board.canvas.setAttribute("aria-label", `${board.meta.title}: ${this.text.textContent} ${say("board_keys")}`);
      board.show(step, width, Math.min(high, width * 0.86), dark, animate && !this.still);
    }
    this.root.drawn = { step, playing: Boolean(this.playing) };
  }

  /** The lit lines into the middle of the code's box, and the page left where it is. */
  scrollCode() {
    const first = this.code.querySelector(".lit");
    if (first) this.code.scrollTop = first.offsetTop - this.code.offsetTop - (this.code.clientHeight - first.offsetHeight) / 2;
  }
}

export default function (component) {
  return mount(component, LessonView);
}
