/** The lens: at the end of every stage trained heads read each token, and the picture labels itself; right or wrong. */

import { HUES, parse } from "../../kit/colour.js";
import { el, percent } from "../../kit/dom.js";
import { clamp } from "../../kit/maths.js";
import { Radios } from "./radios.js";
import { label, TokenMap } from "./tokenmap.js";

const MOST = 448; // pixels of a picture
const SMALL = 200; // a group of tokens is named if it is no smaller than this part of the map
const [RIGHT, WRONG, YES] = ["#ffffff", "#ff5a36", "#ffd24a"];
const WAYS = [[-1, 0], [1, 0], [0, -1], [0, 1]]; // left, right, up, down: across, down

/**
 * Neighbouring tokens of one answer: which, how many, their upper edge, and the middle between the sides.
 * @param {Uint8Array} answers
 */
export function groupsOf(answers, rows, columns) {
  const seen = new Uint8Array(answers.length);
  const found = [];
  for (let start = 0; start < answers.length; start++) {
    if (seen[start] || !answers[start]) continue;
    const [todo, members] = [[start], []];
    seen[start] = 1;
    while (todo.length) {
      const i = todo.pop();
      members.push(i);
      const column = i % columns;
      const beside = [column ? i - 1 : -1, column < columns - 1 ? i + 1 : -1, i - columns, i + columns];
      for (const next of beside) {
        if (next < 0 || next >= rows * columns || seen[next] || answers[next] !== answers[start]) continue;
        seen[next] = 1;
        todo.push(next);
      }
    }
    const column = members.reduce((sum, i) => sum + (i % columns), 0) / members.length + 0.5;
    const top = Math.floor(Math.min(...members) / columns);
    found.push({ answer: answers[start], count: members.length, top, column });
  }
  return found;
}

/** How many tokens are right: of all, and of those whose true answer is not the first. @param {Uint8Array} answers */
export function counted(answers, truth) {
  const found = { right: 0, all: answers.length, rightShown: 0, shown: 0 };
  answers.forEach((answer, i) => {
    found.right += Number(answer === truth[i]);
    found.shown += Number(truth[i] > 0);
    found.rightShown += Number(truth[i] > 0 && answer === truth[i]);
  });
  return found;
}

export class Lens {
  /** @param {import("./whole.js").Whole} whole */
  constructor(whole) {
    this.whole = whole;
    const { say, told, header, signal } = whole;
    if (!told.lens) {
      this.node = whole.section("lens", el("p", { class: "note" }, header.no_lens));
      this.node.classList.add("short");
      return;
    }
    const names = Object.fromEntries(told.lens.questions.map(({ name }) => [name, say(`lens_ask_${name}`)]));
    this.questions = new Radios(say("lens_question"), names, whole.state.lens_ask,
      (lens_ask) => whole.set({ lens_ask }));
    const scrub = () => whole.set({ lens_stage: this.range.value });
    this.range = el("input", { type: "range", step: 1, max: told.stages.length, "aria-label": say("lens_depth"),
      oninput: scrub });
    this.depth = el("output", {});
    const point = (at) => { for (const map of this.maps) map.at = at; whole.redraw(this); };
    this.maps = ["says", "true"].slice(0, told.lens.drawn ? 2 : 1).map(() => new TokenMap(told.size, signal, point));
    const figures = this.maps.map((map, i) => el("figure", { class: "canvas" },
      el("figcaption", {}, say(i ? "lens_true" : "lens_says")), map.canvas));
    this.count = el("p", { class: "count" });
    this.line = el("p", { class: "token-line" });
    this.legend = el("div", { class: "answers" });
    this.node = whole.section("lens",
      el("div", { class: "asked" }, this.questions.node,
        el("label", { class: "depth" }, say("lens_depth"), this.range, this.depth)),
      this.count, el("div", { class: "pictures" }, ...figures), this.legend, this.line,
      el("p", { class: "note" }, say(told.lens.drawn ? "lens_note" : "lens_photo")));
  }

  groups() { return this.whole.told.lens ? ["image", "lens"] : []; }

  get question() { return this.whole.told.lens.questions.find(({ name }) => name === this.whole.state.lens_ask); }

  /** The stage that is read, from 0: not before the first one that has a head for the question. */
  get stage() { return Math.max(this.question.first, Number(this.whole.state.lens_stage) - 1); }

  draw() {
    if (!this.whole.told.lens) return;
    const { whole, question, stage } = this;
    const grid = whole.told.stages[stage];
    const head = `${question.name}${stage}`;
    const [says, truth] = ["lens", "true"].map((kind) => whole.message.get(`${kind}.${head}`) ?? null);
    this.steer(grid);
    this.maps.forEach((map, i) => this.paint(map, i ? truth : says, i ? null : truth, grid));
    this.maps.forEach((map, i) => map.canvas.setAttribute("aria-label", whole.say(i ? "lens_map_true" : "lens_map",
      { question: whole.say(`lens_ask_${question.name}`), stage: stage + 1 })));
    this.list(says, truth);
    const score = truth ? counted(says, truth) : null;
    whole.write(this.count, score ? this.scored(score) : whole.say("lens_no_truth", { stage: stage + 1 }));
    this.tell(says, truth, head);
    this.node.drawn = { head, says: Array.from(says), truth: truth && Array.from(truth), score };
  }

  /** Question, depth and their words. */
  steer(grid) {
    const { whole, question, stage } = this;
    this.questions.show(question.name);
    this.range.min = String(question.first + 1);
    this.range.value = String(stage + 1);
    this.range.disabled = question.first + 1 === whole.told.stages.length;
    const at = { stage: stage + 1, rows: grid.rows, columns: grid.columns };
    this.depth.textContent = whole.say("stage_option", at);
    this.range.setAttribute("aria-valuetext", this.depth.textContent);
  }

  scored({ right, all, rightShown, shown }) {
    const { question, stage, whole } = this;
    const fields = { right, all, share: percent(right / all), rightShown, shown, stage: stage + 1 };
    return whole.say(question.name === "where" || !shown ? "lens_counts" : `lens_counts_${question.name}`, fields);
  }

  /** @param {TokenMap} map @param {Uint8Array} answers @param {Uint8Array|null} truth to mark what is wrong */
  paint(map, answers, truth, grid) {
    const { whole, question } = this;
    const arrows = question.name === "where";
    const context = map.draw(whole.photo(), grid, whole.told.patch, MOST, (canvas, cell) => {
      const wrong = truth !== null && answers[cell.i] !== truth[cell.i];
      if (arrows) arrow(canvas, cell, answers[cell.i], wrong);
      else this.fill(canvas, cell, answers[cell.i]);
      if (wrong && !arrows) cross(canvas, cell);
    });
    if (!arrows) {
      const side = grid.pixels * map.unit;
      const room = { width: map.canvas.clientWidth, height: map.canvas.clientHeight };
      for (const group of groupsOf(answers, grid.rows, grid.columns)) {
        if (group.count * SMALL < answers.length) continue;
        label(context, question.answers[group.answer], group.column * side, group.top * side - 11, room);
      }
    }
    map.frame(context);
    map.canvas.drawn = { answers: Array.from(answers), unit: map.unit, pixels: grid.pixels };
  }

  /** The colour of an answer. @param {number} answer from 1 */
  colour(answer) {
    const { question, whole } = this;
    if (question.name === "target") return YES;
    return question.name === "colour" ? whole.told.lens.hues[answer - 1] : HUES[(answer - 1) % HUES.length];
  }

  fill(context, { x, y, side }, answer) {
    if (!answer) return;
    const [r, g, b] = parse(this.colour(answer));
    context.fillStyle = `rgba(${r},${g},${b},${this.question.name === "colour" ? 0.9 : 0.68})`;
    context.fillRect(x, y, side, side);
  }

  /** What the colours mean, of the answers that are there. */
  list(says, truth) {
    const { question, whole } = this;
    if (question.name === "where") { this.legend.replaceChildren(el("span", {}, whole.say("lens_arrows"))); return; }
    const there = question.answers.map((_, i) => i).filter((i) => i && (says.includes(i) || truth?.includes(i)));
    const entries = there.map((i) => el("span", {}, el("i", { style: `background:${this.colour(i)}` }),
      question.answers[i]));
    this.legend.replaceChildren(...entries, el("span", {}, whole.say("lens_plain", { answer: question.answers[0] })),
      truth ? el("span", {}, el("b", { class: "wrong" }, "×"), whole.say("lens_wrong")) : "");
  }

  /** The token that is pointed at. */
  tell(says, truth, head) {
    const { whole, question, maps: [map] } = this;
    if (!map.at) { whole.write(this.line, whole.say("lens_hint")); return; }
    const [row, column] = map.within(map.at);
    const i = row * map.grid.columns + column;
    const share = percent(whole.message.get(`lens.${head}.share`)[i] / 65535);
    const true_answer = truth ? question.answers[truth[i]] : "";
    const fields = { row, column, answer: question.answers[says[i]], share, true_answer };
    whole.write(this.line, whole.say(truth ? "lens_token_true" : "lens_token", fields));
  }
}

/** A direction as an arrow through the middle of its token. */
function arrow(context, { x, y, side }, answer, wrong) {
  const [dx, dy] = WAYS[answer];
  const [cx, cy, long] = [x + side / 2, y + side / 2, clamp(side * 0.34, 3, 20)];
  const [tx, ty] = [cx + dx * long, cy + dy * long];
  const head = long * 0.6;
  const path = new Path2D(`M${cx - dx * long} ${cy - dy * long}L${tx} ${ty}M${tx - dx * head - dy * head} ${
    ty - dy * head - dx * head}L${tx} ${ty}L${tx - dx * head + dy * head} ${ty - dy * head + dx * head}`);
  const width = clamp(side * 0.09, 1.5, 4);
  for (const [colour, more] of /** @type {[string, number][]} */ ([["#101215", 2.5], [wrong ? WRONG : RIGHT, 0]])) {
    context.strokeStyle = colour;
    context.lineWidth = width + more;
    context.stroke(path);
  }
}

/** The mark of a token that is wrong. */
function cross(context, { x, y, side }) {
  const reach = clamp(side * 0.22, 1.5, 7);
  const [cx, cy] = [x + side / 2, y + side / 2];
  const path = new Path2D(`M${cx - reach} ${cy - reach}L${cx + reach} ${cy + reach}M${cx + reach} ${cy - reach}L${
    cx - reach} ${cy + reach}`);
  for (const [colour, width] of /** @type {[string, number][]} */ ([["#101215", 3.5], [RIGHT, 1.8]])) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke(path);
  }
}
