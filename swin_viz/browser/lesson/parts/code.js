/** The running code: eight lines around those that are the step; the whole source on request. */

import { axedCode } from "./axes.js";
import { el } from "../../kit/dom.js";

const ROOM = 8; // lines

/**
 * Which lines are shown: those lit, and as many around each as there is room for. No gap of a single line.
 * @param {number} count of all lines @param {number[]} lit @param {number} [room]
 */
export function shownLines(count, lit, room = ROOM) {
  const around = lit.length ? lit : [0];
  const shown = new Set(around);
  for (let away = 1; shown.size < Math.min(room, count) && away <= count; away++) {
    for (const at of around.flatMap((line) => [line + away, line - away])) {
      if (at >= 0 && at < count && shown.size < room) shown.add(at);
    }
  }
  for (let at = 1; at < count - 1; at++) if (shown.has(at - 1) && shown.has(at + 1)) shown.add(at);
  return [...shown].sort((a, b) => a - b);
}

export class Code {
  whole = false;
  /** @type {number[]} */ lit = [];

  /**
   * @param {string[]} lines @param {(key: string) => string} say
   * @param {string} [label] names them @param {number[]} [struck] lines that are wrong
   */
  constructor(lines, say, label = "code", struck = []) {
    this.say = say;
    this.lines = lines.map((line, i) => this.line(line, struck.includes(i)));
    this.box = el("pre", { class: "code", tabindex: "0", "aria-label": say(label) }, ...this.lines);
    this.toggle = el("button", { type: "button", class: "ghost", onclick: () => this.turn() });
    this.node = el("div", { class: "running" },
      el("div", { class: "aside-title" }, el("b", {}, say("code_title")), this.toggle), this.box);
    this.turn(false);
  }

  /** @param {string} text @param {boolean} struck */
  line(text, struck) {
    const indent = text.length - text.trimStart().length;
    const shown = axedCode(text.trimStart());
    const parts = struck && shown.length ? [el("del", {}, ...shown)] : shown;
    return el("code", { style: `--indent: ${indent / 2}ch` }, ...parts, "\n");
  }

  turn(whole = !this.whole) {
    this.whole = whole;
    this.toggle.setAttribute("aria-expanded", String(whole));
    this.toggle.textContent = this.say(whole ? "code_part" : "code_whole");
    this.box.classList.toggle("whole", whole);
    this.show(this.lit);
  }

  /** @param {number[]} lit the lines that are the step */
  show(lit) {
    this.lit = lit;
    const shown = this.whole ? [...this.lines.keys()] : shownLines(this.lines.length, lit);
    this.lines.forEach((line, i) => {
      line.classList.toggle("lit", lit.includes(i));
      line.hidden = !shown.includes(i);
      line.classList.toggle("skipped", i > 0 && !line.hidden && !shown.includes(i - 1));
    });
    this.scroll();
  }

  /** The lit lines into the middle of the box, at least the first, and the page left where it is. */
  scroll() {
    const first = this.lines[this.lit[0]];
    const last = this.lines[this.lit.at(-1)];
    if (!first) return;
    const middle = (first.offsetTop + last.offsetTop + last.offsetHeight) / 2; // the box is what they are placed in
    this.box.scrollTop = Math.min(middle - this.box.clientHeight / 2, first.offsetTop);
  }
}
