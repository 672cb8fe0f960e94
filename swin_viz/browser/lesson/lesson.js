/** The step player: one lesson on two boards, with its sentence, formula, running code and shapes lit together. */

import { axedShape, axedText, reachable } from "./parts/axes.js";
import { BiasMaps } from "./bias.js";
import { BlockParts } from "./block.js";
import { CellBoard } from "./boards/cellboard.js";
import { Asked } from "./parts/asked.js";
import { CodeTabs } from "./parts/codetabs.js";
import { Component, CONTENT, mount } from "../kit/component.js";
import { el, isDark, nextFrame, sized } from "../kit/dom.js";
import { saveSheetPng, sheet } from "../kit/export.js";
import { lookOf } from "./boards/look.js";
import { MaskPairs } from "./mask.js";
import { clamp } from "../kit/maths.js";
import { MergedTokens } from "./merging.js";
import { Patches } from "./patches.js";
import { arrives, Player, tickNames } from "./parts/player.js";
import { Reach } from "./shift.js";
import { Sight } from "./windows.js";

/**
 * @typedef {import("../kit/trace.js").Trace} Trace
 * @typedef {import("../kit/trace.js").Block} Block
 * @typedef {import("../kit/trace.js").Message} Message
 * @typedef {(key: string, fields?: Object) => string} Say
 * @typedef {Object} Context of an extra view
 * @property {Trace} trace @property {Block} block @property {Message} message @property {Say} say
 * @property {AbortSignal} signal
 * @property {number[][]|null} pair what was chosen before, where it can be @property {() => void} settle it changed
 * @property {Record<string, string>} own the same, by the address's keys @property {any} more what else it is told
 * @property {any} answer the server's to what is chosen
 * @property {string[]} groups of parts that may be wanted @property {(group: string) => Promise<Message>} want
 * @property {(groups: string[]) => void} later fetched at rest @property {(error: Error) => void} lost a part is gone
 * @property {any} before the view that this one takes the place of, of another block
 * @typedef {Object} Extra a lesson's own view of the run, below the boards
 * @property {HTMLElement} node
 * @property {(dark: boolean, look: import("./boards/look.js").Look) => void} draw
 * @property {HTMLElement} [head] what stands beside the boards, below the code
 * @property {HTMLElement} [beside] what stands in the place of a second board
 * @property {(step: Step, dark: boolean) => void} [follow] the step is another
 * @property {HTMLElement} [home] where what is chosen is shown
 * @property {number[][]|null} [picked] what is chosen, for the address
 * @property {Record<string, string>} [own] the same, by the address's keys
 * @property {(answer: any) => void} [answered] the server's answer to what is chosen is another
 * @property {(places: any[]) => void} [pickBoth] two tokens were chosen on a board
 * @typedef {Object} Step of all boards; `keys` and `shapes` of each
 * @property {string[]} keys @property {string[]} shapes @property {string[]} axes that the shapes' numbers count
 * @property {number} formula @property {number[]} lit
 * @property {string} kind @property {string} features @property {number} block
 */

/** By screen, and so named after it. @type {Record<string, new (context: Context) => Extra>} */
const EXTRAS = {
  bias: BiasMaps, block: BlockParts, mask: MaskPairs, merging: MergedTokens, patches: Patches, shift: Reach,
  windows: Sight
};
const PAUSE_MS = 2600;
const [PHONE, STAGE] = [700, 1040]; // pixels of the component: below, a phone; from here on, all side by side
const [LEAST, MOST, GAP] = [200, 900, 20]; // pixels: a board's side, and what is between two
const AROUND = 264; // pixels of the screen that are not the boards'
const WINDOW_PX = 154; // of the window beside the boards
const MANY = 6; // parts of a formula that are written smaller
const LONG = { en: 220, zh: 110 }; // letters of a sentence that is written smaller

let opening = true; // no lesson was shown yet

class LessonView extends Component {
  static shape = ["words", "language", "boards", "steps", "code", "formula", "extra", "block", "key", "next",
    "course", "notes", ...CONTENT];

  step = 0;
  beside = false; // whether the course's code is shown
  still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  /** @type {CellBoard[]} */ boards = [];
  /** @type {Extra|null} */ extra = null;
  /** @type {Player|null} */ player = null;
  /** @type {import("./boards/look.js").Look} */ look;
  #theme = "";

  constructor(root, signal) {
    super(root, signal, "step", 350);
    root.tabIndex = -1;
    root.addEventListener("keydown", (event) => this.key(event), { signal });
    document.addEventListener("keydown", (event) => this.pageKey(event), { signal });
  }

  /** Another lesson begins where the server says; the same goes on where it is. */
  receive(isNew) {
    if (isNew("lesson")) this.step = this.header.step;
    if (isNew("lesson")) this.beside = this.header.beside;
    this.step = Math.min(this.step, this.last);
    if (isNew("answer")) this.extra?.answered?.(this.header.answer);
  }

  /** The last step's number. */
  get last() { return this.header.steps.length - 1; }

  build() {
    const { header, say, trace, message, signal } = this;
    const board = (_, index) => new CellBoard({ header, index, message, say, signal }, trace?.photo());
    this.boards = header.boards.map(board);
    this.text = el("p", { class: "lesson-text", "aria-live": "polite" });
    this.formula = this.parts();
    this.code = new CodeTabs(header, say, this.beside, (beside) => this.chooseCode(beside));
    this.asked = new Asked(header.notes, say);
    this.shapes = el("div", { class: "shapes" });
    this.window = el("canvas", { "aria-hidden": "true" });
    this.windowTitle = el("figcaption", {});
    this.windowCard = el("figure", { class: "pair-window" }, this.windowTitle, this.window);
    this.lastLit = this.boards.at(-1);
    const View = EXTRAS[header.extra];
    this.extra = View ? new View(this.context()) : null;
    this.listen();
    this.replacePlayer();
    this.png = el("button", { type: "button", class: "ghost", onclick: () => this.save() }, "PNG");
    const places = [...this.boards.map(({ node }) => node), this.extra?.beside];
    this.root.replaceChildren(this.player.node, el("div", { class: "lesson" },
      el("div", { class: "lesson-say" }, this.formula, this.text),
      el("div", { class: "boards" }, ...places),
      el("div", { class: "aside" }, this.code.node, this.windowCard, this.extra?.head,
        el("div", { class: "foot" }, this.shapes, this.png))),
    this.asked.node, ...(this.extra ? [this.extra.node] : []));
    if (this.opensAtPair()) nextFrame(() => this.extra.home.scrollIntoView())();
    if (arrives()) this.player.forward.focus({ preventScroll: true }); // it followed the link, and so does the focus
  }

  /** What the lesson's own view gets. @returns {Context} */
  context() {
    const { header, trace, message, say, signal, extra } = this;
    const { parts } = header;
    return {
      trace, message, say, signal, block: trace.blocks[header.block],
      pair: header.pair ?? null, own: header.own ?? {}, more: header.more, answer: header.answer, before: extra,
      groups: Object.keys(parts),
      settle: () => { this.keepPair(); this.settler.settle(this.told()); },
      want: (group) => this.loader.want(this.header.parts[group]),
      later: (groups) => this.loader.later(groups.map((group) => this.header.parts[group]).filter(Boolean)),
      lost: (error) => this.lost(error),
    };
  }

  /** Whether a link that holds a pair was opened just now, and its step does not show the pair: once a document. */
  opensAtPair() {
    const linked = opening && this.extra?.home && this.extra.picked && new URLSearchParams(location.search).has("pair");
    opening = false;
    return linked && !this.boards.some((board) => board.picked && this.header.steps[this.step].formula > 1);
  }

  /** What is pointed at and chosen on the boards. */
  listen() {
    for (const each of this.boards) {
      each.onlight = (lit) => this.showWindow(lit);
      each.onpick = (places) => this.extra?.pickBoth?.(places);
    }
    this.keepPair();
  }

  /** The pair that was chosen, on the boards too. */
  keepPair() {
    for (const board of this.boards) board.keep(this.extra?.picked ?? null);
    if (this.look) this.showWindow(this.lastLit);
  }

  /** A player for these words; it plays on if the one before did. */
  replacePlayer() {
    const { header, say, signal } = this;
    const names = tickNames(header.steps.map(({ keys }) => keys[0]), header.words);
    const playing = this.player?.playing;
    this.player?.stop();
    this.player = new Player(names, say, { go: (step) => this.go(step), pause: PAUSE_MS, next: header.next, signal });
    this.player.step = this.step;
    if (playing && this.step < this.last) this.player.turn();
  }

  /** The formula, a part a span. */
  parts() {
    const { formula } = this.header;
    const spans = formula.map((part, i) => [
      i && !part.startsWith("≡") ? el("i", { "aria-hidden": "true" }, "→") : " ",
      el("span", { "data-part": i }, ...axedText(part)),
    ]).flat();
    return el("p", { class: formula.length > MANY ? "formula many" : "formula" }, ...spans);
  }

  key(event) {
    const step = { ArrowLeft: this.step - 1, ArrowRight: this.step + 1, Home: 0, End: this.last }[event.key];
    if (step === undefined || event.defaultPrevented) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.composedPath()[0];
    if (target.matches?.("input, select, textarea, canvas, pre, [contenteditable]")) return;
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
    this.settler.settle(this.told());
    this.show(isDark(this.root), !this.still);
  }

  /** The other code. @param {boolean} beside the course's */
  chooseCode(beside) {
    this.beside = beside;
    this.settler.settle(this.told());
  }

  /** What the server is told of. */
  told() {
    const { extra, step, beside, header: { block } } = this;
    return { step, pair: extra?.picked ?? null, block, own: extra?.own ?? null, course: beside };
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
    const theme = [dark, this.root.dataset.theme].join();
    if (theme !== this.#theme) this.look = lookOf(this.root);
    this.#theme = theme;
    this.show(dark, false);
    this.extra?.draw(dark, this.look);
  }

  /** How the page is laid out, and how large a board is in it. @returns {number} pixels */
  room() {
    const wide = this.root.clientWidth;
    this.root.dataset.room = wide < PHONE ? "phone" : wide < STAGE ? "column" : "stage";
    const node = this.boards[0].node.parentElement;
    if (wide < PHONE) return Math.max(LEAST, node.clientWidth);
    return clamp(Math.floor(Math.min((node.clientWidth - GAP) / 2, innerHeight - AROUND)), LEAST, MOST);
  }

  /** The step on the boards and in all that is lit with it; `animate`: the cells move there. */
  show(dark, animate) {
    const { header, step } = this;
    const { formula, lit } = header.steps[step];
    const side = this.room();
    this.player.show(step);
    const words = this.words();
    if (words !== this.text.textContent) this.text.replaceChildren(...axedText(words));
    this.text.classList.toggle("long", words.length > LONG[header.language]);
    this.extra?.follow?.(header.steps[step], dark);
    this.formula.querySelectorAll("span").forEach((span, i) => span.classList.toggle("lit", i === formula));
    this.scrollFormula();
    this.code.show(step, lit);
    this.asked.show(step);
    this.showShapes();
    for (const board of this.boards) {
      board.canvas.setAttribute("aria-label", `${board.title}: ${words} ${this.say("board_keys")}`);
      board.show(step, side, side, this.look, animate);
    }
    this.showWindow(this.lastLit);
    this.code.scroll(); // what stands below it may have come or gone
    this.root.drawn = { step, playing: this.player.playing };
  }

  /** Where the mask's pairs are compared, the pair in its window. @param {CellBoard} board */
  showWindow(board) {
    this.lastLit = board;
    this.windowCard.hidden = !board.comparing;
    if (!board.comparing) return;
    const cell = Math.max(1, Math.floor(WINDOW_PX / board.M));
    const name = this.say(`of_${board.meta.name}`, { block: this.header.place });
    this.windowTitle.replaceChildren(el("b", {}, this.say("window_title")), el("small", {}, name));
    board.drawWindow(sized(this.window, cell * board.M, cell * board.M), cell, board.pair);
    this.window.drawn = { board: board.index, pair: board.pair };
  }

  /** On a phone the formula scrolls to its lit part; the page stays. */
  scrollFormula() {
    const lit = /** @type {HTMLElement|null} */ (this.formula.querySelector(".lit"));
    reachable(this.formula);
    if (lit) this.formula.scrollLeft = lit.offsetLeft - this.formula.offsetLeft - this.formula.clientWidth / 3;
  }

  /** The step's shapes, each in its axes' colours, and which axes these are. */
  showShapes() {
    const { header, say } = this;
    const { shapes, axes } = header.steps[this.step];
    const names = header.boards.map(({ name }) => say(`of_${name}`, { block: header.place }));
    const rows = shapes.map((shape, i) => (
      el("p", {}, el("span", { class: "shape" }, ...axedShape(shape, axes)), " ", el("small", {}, names[i]))));
    const counted = axes.map((axis) => (axis === "W" ? "H" : axis)); // said together
    const shown = [...new Set(counted)].filter((axis) => /^[A-Za-z]/.test(axis));
    const legend = shown.map((axis) => el("li", {}, ...axedText(say(`axis_${axis}`))));
    this.shapes.replaceChildren(...rows, el("ul", {}, ...legend));
  }
}

export default function lesson(component) {
  return mount(component, LessonView);
}
