/** Who voted? The head applied to each of the last stage's tokens; the mean of its votes is the logit, exactly. */

import { cssOf, gradient, inkOn, rgb } from "../../kit/colour.js";
import { decimal, el, minus, percent, weightText } from "../../kit/dom.js";
import { largest } from "../../kit/maths.js";
import { Radios } from "./radios.js";
import { TokenMap } from "./tokenmap.js";

const [MOST, WRITTEN] = [448, 40]; // pixels of the picture; of a cell that has room for its number
const [SCALE, ALPHA] = /** @type {["amount", number]} */ (["amount", 0.66]);
const TOP = "top";
const FORMULA = "logit = W · mean(x) + b = mean(W · x + b)";

export class Votes {
  /** @param {import("./whole.js").Whole} whole */
  constructor(whole) {
    this.whole = whole;
    const { say, told } = whole;
    if (!told.classes) {
      this.node = whole.section("votes", el("p", { class: "note" }, say("votes_no_head")));
      this.node.classList.add("short");
      return;
    }
    this.top = el("div", {});
    this.select = el("select", { "aria-label": say("votes_class"), onchange: () => this.choose(this.select.value) });
    this.map = new TokenMap(told.size, whole.signal, () => whole.redraw(this));
    this.sums = el("div", { class: "sums", "aria-live": "polite" });
    this.line = el("p", { class: "token-line" });
    this.legend = el("div", { class: "legend" });
    const head = el("div", { class: "asked" }, this.top, el("label", {}, say("votes_other"), " ", this.select));
    const side = el("div", { class: "beside" }, el("p", { class: "formula" }, FORMULA), this.sums,
      this.legend, this.line, whole.header.foreign ? el("p", { class: "note" }, say("votes_foreign")) : null);
    this.node = whole.section("votes", head,
      el("div", { class: "two" }, el("div", { class: "canvas" }, this.map.canvas), side));
  }

  /** The class that is shown. */
  get number() {
    const { state, told } = this.whole;
    return state.votes_class === TOP ? told.top[0][0] : Number(state.votes_class);
  }

  groups() {
    const { told } = this.whole;
    if (!told.classes) return [];
    return ["image", "names", "votes", `votes.${Math.floor(this.number / told.chunk)}`];
  }

  choose(value) { this.whole.set({ votes_class: Number(value) === this.whole.told.top[0][0] ? TOP : value }); }

  draw() {
    const { told, header, message } = this.whole;
    if (!told.classes) return;
    this.offer();
    const tokens = told.stages.at(-1).rows * told.stages.at(-1).columns;
    const [chunk, at] = [Math.floor(this.number / told.chunk), this.number % told.chunk];
    const votes = message.get(`votes.${chunk}`).subarray(at * tokens, (at + 1) * tokens);
    const mean = votes.reduce((sum, vote) => sum + vote, 0) / tokens;
    const logit = message.get("votes.logits")[this.number];
    this.paint(votes);
    this.add(votes, mean, logit);
    this.tell(votes);
    this.node.drawn = { number: this.number, votes: Array.from(votes), mean, logit, key: header.key };
  }

  /** The five most probable as buttons, all in the list. */
  offer() {
    const { told, header, say } = this.whole;
    const key = header.key + header.language;
    if (key !== this.offered) {
      const name = ([number, share]) => (header.foreign ? this.whole.className(number)
        : say("votes_option", { name: this.whole.className(number), share: weightText(share) }));
      const options = Object.fromEntries(told.top.map((each) => [` ${each[0]}`, name(each)])); // a text keeps its place
      this.radios = new Radios(say("votes_top"), options, ` ${this.number}`, (value) => this.choose(value.trim()));
      this.top.replaceChildren(this.radios.node);
      this.select.replaceChildren(...Array.from({ length: told.classes }, (_, number) => (
        el("option", { value: number }, this.whole.className(number)))));
    }
    this.offered = key;
    this.radios.show(` ${this.number}`);
    this.select.value = String(this.number);
  }

  paint(votes) {
    const { whole } = this;
    const [low, high] = [-largest(votes.map((vote) => -vote)), largest(votes)]; // not from zero: it means nothing here
    const colour = (vote) => rgb(SCALE, vote, low, high);
    const context = this.map.draw(whole.photo(), whole.told.stages.at(-1), whole.told.patch, MOST,
      (canvas, { x, y, side, i }) => {
        canvas.fillStyle = cssOf(colour(votes[i]), ALPHA);
        canvas.fillRect(x, y, side, side);
        if (side < WRITTEN) return;
        canvas.fillStyle = inkOn(colour(votes[i]));
        canvas.font = "600 13px sans-serif";
        canvas.textAlign = "center";
        canvas.textBaseline = "middle";
        canvas.fillText(decimal(votes[i], 1), x + side / 2, y + side / 2);
      });
    this.map.frame(context);
    const name = whole.className(this.number);
    this.map.canvas.setAttribute("aria-label", whole.say("votes_map", { name }));
    this.map.canvas.drawn = { number: this.number };
    const bar = el("i", { style: `background:${gradient(SCALE)}` });
    this.legend.replaceChildren(el("span", {}, decimal(low, 1)), bar, el("span", {}, decimal(high, 1)));
  }

  /** Mean and logit side by side. */
  add(votes, mean, logit) {
    const { say } = this.whole;
    const name = this.whole.className(this.number);
    const apart = Math.abs(mean - logit);
    if (this.added === `${name} ${votes.length} ${mean}`) return;
    this.added = `${name} ${votes.length} ${mean}`;
    const box = (key, value) => el("div", {}, el("span", {}, say(key, { count: votes.length, name })),
      el("b", {}, decimal(value, 5)));
    const difference = say("votes_difference", { difference: apart ? minus(apart.toExponential(1)) : "0" });
    this.sums.replaceChildren(box("votes_mean", mean), el("span", { class: "equal" }, "="), box("votes_logit", logit),
      el("small", {}, difference));
  }

  /** The token that is pointed at. */
  tell(votes) {
    const { say, message } = this.whole;
    if (!this.map.at) { this.whole.write(this.line, say("votes_hint")); return; }
    const [row, column] = this.map.within(this.map.at);
    const i = row * this.map.grid.columns + column;
    const alone = this.whole.className(message.get("votes.alone")[i]);
    const share = percent(message.get("votes.share")[i]);
    const fields = { row, column, name: this.whole.className(this.number), vote: decimal(votes[i], 3), alone, share };
    this.whole.write(this.line, say("votes_token", fields));
  }
}
