/** What the network answers: the eight shapes as glyphs, or the names of the likeliest classes; the beam ends there. */

import { el, weightText } from "../../kit/dom.js";

/** Each shape about 0, within a radius of 1: the outlines of scenes/shapes.py. */
const circle = (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
const star = Array.from({ length: 10 }, (_, i) => {
  const [angle, r] = [(i * Math.PI) / 5 - Math.PI / 2, i % 2 ? 0.42 : 1.05];
  return `${(Math.cos(angle) * r).toFixed(3)} ${(Math.sin(angle) * r).toFixed(3)}`;
});
export const GLYPHS = {
  disc: circle(0, 0, 0.92),
  square: "M-.78-.78h1.56v1.56h-1.56z",
  triangle: "M0-1.04L.9.52H-.9z",
  star: `M${star.join("L")}z`,
  cross: "M-.32-1h.64v.68h.68v.64h-.68v.68h-.64v-.68h-.68v-.64h.68z",
  ring: circle(0, 0, 0.97) + circle(0, 0, 0.47),
  moon: "M.45-.85A.96.96 0 1 0 .45.85A.82.82 0 0 1 .45-.85z",
  bar: "M-1.05-.3h2.1v.6h-2.1z",
};
const [STEP, FIRST] = [44, 18]; // CSS pixels: between glyphs, to the first one's middle
const [FOOT, NARROW_FOOT] = [64, 86]; // where the beam ends

export class Answer {
  constructor() {
    this.node = el("div", { class: "answer-box" });
    this.line = el("p", { class: "asked" });
    this.list = el("ol", { class: "answers" });
    this.won = el("p", { class: "won" });
    this.vote = el("p", { class: "vote" });
    this.node.append(this.line, this.list, this.won, this.vote);
  }

  /**
   * @param {any} header its answer, glyphs, foreign, scene, disc @param {(key: string, fields?: Object) => string} say
   */
  fill(header, say) {
    const { answer, glyphs, foreign } = header;
    this.best = answer.reduce((best, [, share], i) => (share > answer[best][1] ? i : best), 0);
    this.node.classList.toggle("named", !glyphs.length);
    this.line.replaceChildren(...this.asked(header, say));
    const [name, share] = answer[this.best] ?? ["", 0];
    this.list.replaceChildren(...answer.map((each, i) => this.item(each, glyphs[i], i)));
    this.list.setAttribute("aria-label", say("answers"));
    this.won.replaceChildren(...(glyphs.length ? [el("b", {}, name), ` ${weightText(share)}`] : []));
    this.node.drawn = { answer, best: this.best, foreign };
  }

  /** What was asked, if anything was. */
  asked({ scene, disc, answer, foreign, glyphs }, say) {
    if (foreign) return [say("foreign")];
    if (!answer.length) return [say("no_head")];
    if (!glyphs.length) return [say("answer")];
    const css = scene.colours.find(([word]) => word === disc)?.[1] ?? scene.colours[scene.target - 1][1];
    const [before, after] = say("asked").split("{disc}");
    const note = disc ? [" ", el("small", {}, say("asked_disc"))] : [];
    return [before, el("i", { class: "cue", style: `background:${css}`, "aria-hidden": "true" }), after, ...note];
  }

  item([name, share], glyph, i) {
    const won = i === this.best;
    const shape = glyph && el("svg", { viewBox: "-1.2 -1.2 2.4 2.4", "aria-hidden": "true" },
      el("path", { d: GLYPHS[glyph], "fill-rule": "evenodd" }));
    const text = el("span", { class: glyph ? "hidden" : "name", title: name }, name);
    const number = el("span", { class: glyph ? "hidden" : "number" }, ` ${weightText(share)}`);
    const title = glyph ? `${name} ${weightText(share)}` : null;
    return el("li", { class: won ? "best" : null, title }, shape, text, number,
      el("span", { class: "share", "aria-hidden": "true" }, el("i", { style: `width:${(share * 100).toFixed(2)}%` })));
  }

  /** What one token votes, and that the mean of all is the logit. @param {string} text @param {number} part shown */
  show(text, part) {
    if (this.vote.textContent !== text) this.vote.textContent = text;
    this.node.style.setProperty("--shown", part.toFixed(2));
  }

  /**
   * Where the beam ends, in the box's pixels, or null where nothing is answered.
   * @param {boolean} narrow on a phone @returns {[number, number]|null}
   */
  end(narrow) {
    const item = /** @type {HTMLElement} */ (this.list.children[this.best]);
    if (!item) return null;
    const across = this.node.classList.contains("named") ? item.offsetLeft + item.offsetWidth / 2
      : FIRST + STEP * this.best;
    return [across, narrow ? NARROW_FOOT : FOOT];
  }
}
