/** The step player: one lesson on two boards, with its paragraph, formula, running code and shapes lit together. */

import { BiasMaps } from "./biasmaps.js";
import { CellBoard } from "./cellboard.js";
import { el, isDark, speaker } from "./dom.js";
import { saveSheetPng, sheet } from "./export.js";
import { MaskPairs } from "./maskpairs.js";
import { MergedTokens } from "./mergedtokens.js";
import { mount, settler } from "./mount.js";
import { Reach } from "./reach.js";
import { Sight } from "./sight.js";
import { Trace, unpack } from "./trace.js";

const EXTRAS = {
  reach: (view) => new Reach(view.trace, view.say, view.signal),
  sight: (view) => new Sight(view.trace, view.header.block, view.say, view.signal),
  mask: (view, message) => new MaskPairs(view.trace, view.header.block, message, view.say, view.signal),
  merging: (view, message) => new MergedTokens(view.trace, view.header.block, message, view.say, view.signal),
  bias: (view, message) => new BiasMaps(view.trace, view.header.block, message, view.say, view.signal),
};
const PAUSE_MS = 2600;

class LessonView {
  constructor(root, signal) {
    Object.assign(this, { root, signal });
    this.settler = settler(root, signal, (value) => this.send("step", value), 350);
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    new ResizeObserver(() => this.schedule()).observe(root);
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
    this.text = el("p", { class: "step-text", "aria-live": "polite" });
    this.shape = el("p", { class: "quiet" });
    this.formula = el("p", { class: "formula" }, ...header.formula.map((part, i) => el("span", { "data-part": i }, i ? `→ ${part} ` : `${part} `)));
    this.code = el("pre", { class: "code", tabindex: "0", "aria-label": say("code") }, ...header.code.map((line) => el("code", {}, `${line}\n`)));
    const button = (name, act, more = {}) => el("button", { type: "button", onclick: act, ...more }, say(name));
    this.playButton = button("play", () => this.play(), { "aria-pressed": "false" });
    const player = el("div", { class: "player", role: "group", "aria-label": say("player"), onkeydown: (event) => this.key(event) },
      button("back", () => this.go(this.step - 1)), this.scrub, button("forward", () => this.go(this.step + 1)), this.playButton, this.count,
      el("button", { type: "button", onclick: () => this.save() }, "PNG"));
    this.extra = header.extra ? EXTRAS[header.extra](this, message) : null;
    this.root.replaceChildren(player, this.formula, this.text, this.shape, el("div", { class: "boards" }, ...this.boards.map((board) => board.node)), this.code, ...(this.extra ? [this.extra.node] : []));
  }

  key(event) {
    const step = { ArrowLeft: this.step - 1, ArrowRight: this.step + 1, Home: 0, End: this.header.steps.length - 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.go(step);
  }

  go(step) {
    this.step = Math.max(0, Math.min(this.header.steps.length - 1, step));
    this.settler.settle(this.step);
    this.draw(true);
  }

  play() {
    const stop = () => { clearInterval(this.playing); this.playing = 0; this.playButton.setAttribute("aria-pressed", "false"); this.playButton.textContent = this.say("play"); };
    if (this.playing) { stop(); return; }
    this.playButton.setAttribute("aria-pressed", "true");
    this.playButton.textContent = this.say("pause");
    if (this.step === this.header.steps.length - 1) this.go(0);
    this.playing = setInterval(() => {
      this.go(this.step + 1);
      if (this.step === this.header.steps.length - 1 || !this.root.isConnected) stop();
    }, PAUSE_MS);
  }

  save() {
    const parts = this.boards.map((board) => ({ label: board.meta.title, canvas: board.canvas }));
    saveSheetPng(sheet(parts), `${this.header.caption} · ${this.text.textContent}`, `swin_viz-${this.header.lesson}-${this.step + 1}`);
  }

  describe(board, cell) {
    const source = [board.sources[2 * cell], board.sources[2 * cell + 1]];
    const values = board.array("values", this.step);
    const groups = board.array("groups", this.step);
    let alike = 0;
    for (let i = 0; i < groups.length; i++) alike += board.isLit(i, values, groups) ? 1 : 0;
    if (board.meta.ramp) {
      const N = Math.round(Math.sqrt(groups.length));
      return this.say("pair_cell", { query: Math.floor(cell / N), key: cell % N, value: values[cell], alike });
    }
    return source[0] < 0 ? this.say("padding_cell") : this.say("token_cell", { row: source[0], column: source[1], alike });
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
    const { key, formula, lit, shape } = header.steps[step];
    this.text.textContent = say(`step_${key}`).replaceAll("`", "");
    this.shape.textContent = shape;
    this.formula.querySelectorAll("span").forEach((span, i) => span.classList.toggle("lit", i === formula));
    this.code.querySelectorAll("code").forEach((line, i) => line.classList.toggle("lit", lit.includes(i)));
    for (const board of this.boards) {
      const width = Math.max(200, board.node.clientWidth);
      board.canvas.setAttribute("aria-label", `${board.meta.title}: ${this.text.textContent} ${say("board_keys")}`);
      board.show(step, width, Math.min(460, width * 0.86), dark, animate && !this.still);
    }
    this.root.drawn = { step };
  }
}

export default function (component) {
  return mount(component, (root, signal) => new LessonView(root, signal));
}
