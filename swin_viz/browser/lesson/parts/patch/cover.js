/** Which tokens are others once a patch is covered: the server runs the model again, here its answer is drawn. */

import { el } from "../../../kit/dom.js";
import { cleared } from "../picture.js";

/** @typedef {import("../../boards/look.js").Look} Look */

const [NARROWEST, WIDEST] = [120, 300]; // pixels of a picture

export class Cover {
  on = false;
  key = ""; // of what is drawn
  /** @type {{at: number[], changed: number[][]|null}|null} */ answer = null;

  /** @param {import("../../lesson.js").Context} context @param {() => void} turn told when the button is pressed */
  constructor({ trace, say }, turn) {
    this.trace = trace;
    this.say = say;
    this.button = el("button", { type: "button", onclick: turn });
    this.line = el("p", { class: "quiet" });
    this.cards = el("div", { class: "merge-cards" });
    this.node = el("div", {}, el("h2", {}, say("cover_title")), el("p", {}, say("cover_text")),
      el("div", { class: "player" }, this.button, this.line), this.cards);
  }

  /** The changed tokens, if they are this patch's. @param {number[]} at */
  changed(at) { return this.on && this.answer?.at.join() === at.join() ? this.answer.changed : null; }

  /** @param {import("./embedding.js").Embedding} embedding @param {number[]} at @param {Look} look */
  draw(embedding, at, look) {
    this.node.hidden = location.protocol === "file:"; // nobody runs the model there
    const [row, column] = at;
    this.button.textContent = this.on ? this.say("uncover") : this.say("cover", { row, column });
    this.button.setAttribute("aria-pressed", String(this.on));
    this.line.textContent = this.on ? this.say("cover_other") : "";
    const changed = this.changed(at);
    const key = JSON.stringify([changed, this.cards.clientWidth, look.css("page"), devicePixelRatio]);
    if (key === this.key) return;
    this.key = key;
    this.cards.replaceChildren(...(changed ?? []).map((tokens, i) => this.card(tokens, i, embedding)));
    changed?.forEach((tokens, i) => this.paint(tokens, i, embedding, look));
    this.node.drawn = changed;
  }

  card(tokens, i, { size: [rows, columns] }) {
    const title = this.say(`cover_${i}`, { count: tokens.length, tokens: rows * columns });
    return el("figure", {}, el("figcaption", {}, title), el("canvas", { role: "img", "aria-label": title }));
  }

  /** The picture, dim, and on it the tokens that have changed. */
  paint(tokens, i, { size: [rows, columns], patch }, look) {
    const canvas = /** @type {HTMLCanvasElement} */ (this.cards.children[i].querySelector("canvas"));
    const { context, width } = cleared(canvas, NARROWEST, WIDEST, rows / columns);
    const [cell, photo] = [width / columns, this.trace.photo()];
    const unit = cell / patch;
    context.globalAlpha = 0.4;
    context.drawImage(photo, 0, 0, photo.width * unit, photo.height * unit);
    context.globalAlpha = 0.9;
    context.fillStyle = look.css("accent");
    const side = Math.max(cell, 2);
    for (const token of tokens) {
      context.fillRect((token % columns) * cell, Math.floor(token / columns) * cell, side, side);
    }
    context.globalAlpha = 1;
  }
}
