/** The code beside a step in two tabs: the model's own lines, and those that courses teach, mistakes struck through. */

import { Code } from "./code.js";
import { el, roving } from "../../kit/dom.js";

/**
 * @typedef {Object} Course as browser/lesson/message.py tells it
 * @property {string[]} code @property {number[]} struck lines that are wrong @property {number[][]} lit by step
 * @typedef {Object} Note
 * @property {string} title @property {string} text @property {boolean} wrong @property {number[]} steps
 */

export class CodeTabs {
  step = 0;

  /**
   * @param {{code: string[], course: Course|null, notes: Note[]}} header @param {(key: string) => string} say
   * @param {boolean} beside whether the course's is shown @param {(beside: boolean) => void} choose
   */
  constructor({ code, course, notes }, say, beside, choose) {
    this.course = course;
    this.say = say;
    this.wrong = notes.filter(({ wrong }) => wrong);
    this.own = new Code(code, say);
    this.taught = course ? new Code(course.code, say, "code_course", course.struck) : null;
    this.notes = el("div", { class: "errata" });
    const tab = (key, i) => {
      const onclick = () => { this.turn(i === 1); choose(i === 1); };
      return el("button", { type: "button", role: "tab", class: "ghost", onclick }, say(key));
    };
    this.tabs = course ? ["tab_model", "tab_course"].map(tab) : [];
    const list = el("div", { class: "code-tabs", role: "tablist", "aria-label": say("tabs") }, ...this.tabs);
    roving(list, () => this.tabs, (i) => this.tabs[i].click());
    this.codes = [this.own, this.taught].filter(Boolean);
    const panels = this.codes.map(({ node }) => node);
    this.node = el("div", { class: "code-both" }, course ? list : null, ...panels, this.notes);
    this.turn(beside);
  }

  /** @param {boolean} beside the course's code is shown, if there is one */
  turn(beside) {
    this.beside = beside && Boolean(this.course);
    this.tabs.forEach((tab, i) => {
      const chosen = (i === 1) === this.beside;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    });
    this.codes.forEach((code, i) => { code.node.hidden = (i === 1) !== this.beside; });
    this.note();
    this.scroll();
  }

  /** @param {number} step @param {number[]} lit of the model's own lines */
  show(step, lit) {
    this.step = step;
    this.own.show(lit);
    this.taught?.show(this.course.lit[step]);
    this.note();
  }

  /** What is taught wrongly about this step; or that no course has a line for it. */
  note() {
    const { step, beside, course } = this;
    const here = this.wrong.filter(({ steps }) => steps.includes(step));
    const said = here.map(({ title, text }) => el("p", {}, el("del", {}, title), " ", text));
    if (beside && !course.lit[step].length) said.push(el("p", {}, this.say("course_none")));
    this.notes.replaceChildren(...(beside ? said : []));
    this.notes.hidden = !this.notes.children.length;
    if (this.notes.scrollHeight > this.notes.clientHeight + 1) this.notes.tabIndex = 0; // it scrolls
    else this.notes.removeAttribute("tabindex");
  }

  scroll() { this.codes.forEach((code) => code.scroll()); }
}
