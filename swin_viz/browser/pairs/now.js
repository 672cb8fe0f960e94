/** The picture of the current step alone: its matrices large, or the vectors that it makes; on request larger still. */

import { el } from "../kit/dom.js";
import { Matrix } from "../kit/matrix.js";

const [BELOW, BELOW_LARGE] = [480, 330]; // pixels of the screen that are not this picture's
const [LEAST, BETWEEN] = [98, 24];

/** A matrix's side in whole pixels a cell. @param {number} room pixels @param {number} N */
export const wholeSide = (room, N) => N * Math.max(1, Math.floor(Math.max(room, 80) / N));

/** A matrix of the pairs, under its name. @param {(key: string) => string} say */
export function matrixOf(name, say, hands, signal) {
  const matrix = new Matrix(name, name === "probs" ? "share" : "signed", hands, signal);
  matrix.label.textContent = say(`matrix_${name}`);
  return matrix;
}

export class Now {
  large = false;
  worked = false; // whether one number is worked out
  /** @type {Matrix[]} of this step */ shown = [];

  /**
   * @param {[string, number][]} cards matrix → step @param {(key: string, fields?: Object) => string} say
   * @param {HTMLElement} vectors @param {ConstructorParameters<typeof Matrix>[2]} hands @param {AbortSignal} signal
   * @param {() => void} redraw @param {HTMLElement} cell one number, worked out @param {(yes: boolean) => void} work
   */
  constructor(cards, say, vectors, hands, signal, redraw, cell, work) {
    this.say = say;
    this.cards = cards;
    this.redraw = redraw;
    this.matrices = cards.map(([name]) => {
      const matrix = matrixOf(name, say, hands, signal);
      matrix.node.classList.add("big");
      return matrix;
    });
    this.toggle = el("button", { type: "button", class: "ghost", onclick: () => this.turn() });
    this.title = el("b", {});
    this.one = el("button", { type: "button", class: "ghost", onclick: () => work(!this.worked) });
    this.box = el("div", { class: "now-matrices" }, ...this.matrices.map(({ node }) => node));
    this.node = el("div", { class: "pairs-now" },
      el("div", { class: "aside-title" }, this.title, el("span", {}, this.one, this.toggle)),
      el("div", { class: "now-body" }, this.box, vectors), cell);
    this.turn(false);
  }

  turn(large = !this.large) {
    this.large = large;
    this.toggle.setAttribute("aria-pressed", String(large));
    this.toggle.textContent = this.say(large ? "smaller" : "larger");
    this.node.classList.toggle("large", large);
    this.redraw();
  }

  /** @param {string} name of the step @param {number} step */
  show(name, step) {
    this.title.textContent = this.say(`now_${name}`);
    this.shown = this.matrices.filter((_, i) => this.cards[i][1] === step);
    this.matrices.forEach((matrix) => { matrix.node.hidden = !this.shown.includes(matrix); });
    this.node.parentElement?.classList.toggle("enlarged", this.large);
  }

  /**
   * One number of the step in place of its picture.
   * @param {boolean} can whether the step is made of sums @param {boolean} worked whether it is asked for
   */
  work(can, worked) {
    this.worked = can && worked;
    this.one.hidden = !can;
    this.one.setAttribute("aria-pressed", String(this.worked));
    this.one.textContent = this.say(this.worked ? "cell_close" : "cell_open");
    this.node.classList.toggle("worked", this.worked);
  }

  /** What is left for the vectors beside the matrices. @param {number} width of the picture */
  beside(width) {
    if (!this.shown.length || this.box.clientWidth > width / 2) return width;
    return width - this.box.clientWidth - BETWEEN;
  }

  /** The side of this step's matrices. @param {number} width of the picture @param {number} N */
  side(width, N) {
    const each = width / Math.max(1, this.shown.length) - 16;
    return wholeSide(Math.max(LEAST, Math.min(each, innerHeight - (this.large ? BELOW_LARGE : BELOW))), N);
  }
}
