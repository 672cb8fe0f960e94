/** All filters as tiles of p×p pixels in the colours of their weights; one is chosen. */

import { ARROWS, el, sized } from "../../../kit/dom.js";
import { clamp, largest } from "../../../kit/maths.js";
import { pixelAt } from "../../../kit/pointer.js";
import { framed, picture } from "../picture.js";

/** @typedef {import("./embedding.js").Embedding} Embedding */

const [TILE, GAP] = [32, 8]; // pixels
const CHOSEN = [["#3b0805", 5], ["#ff3b30", 2.5]];
const GREY = 127.5;

/** A filter's weights as colours: grey is 0. @param {Embedding} embedding @param {number} channel */
export function filterPicture(embedding, channel) {
  const [weights, { patch }] = [embedding.filter(channel), embedding];
  const most = largest(weights.map(Math.abs)) || 1;
  const of = (i) => [0, 1, 2].map((c) => Math.round(GREY + (GREY * weights[c * patch ** 2 + i]) / most));
  return picture(patch, patch, of);
}

export class Filters {
  channel = 0; // that is chosen
  columns = 1;
  width = 0;
  height = 0;

  /**
   * @param {Embedding} embedding @param {(key: string, fields?: Object) => string} say
   * @param {(channel: number) => void} choose @param {AbortSignal} signal
   */
  constructor(embedding, say, choose, signal) {
    this.count = embedding.count;
    this.choose = choose;
    this.tiles = Array.from({ length: this.count }, (_, channel) => filterPicture(embedding, channel));
    const title = say("filters_title", { count: this.count, patch: embedding.patch });
    this.canvas = el("canvas", { tabindex: "0", role: "application", class: "patch-filters" });
    this.canvas.setAttribute("aria-label", `${title}. ${say("filters_keys")}`);
    this.node = el("div", {}, el("h3", {}, title), this.canvas);
    this.canvas.addEventListener("pointerdown", (event) => this.point(event), { signal });
    this.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
  }

  point(event) {
    const [x, y] = pixelAt(event, this.canvas, { width: this.width, height: this.height }).map((each) => (
      Math.floor(each / (TILE + GAP))));
    const channel = y * this.columns + Math.min(x, this.columns - 1);
    if (channel < this.count) this.choose(channel);
  }

  key(event) {
    const move = ARROWS[event.key];
    if (!move) return;
    event.preventDefault();
    this.choose(clamp(this.channel + move[0] * this.columns + move[1], 0, this.count - 1));
  }

  /** @param {number} channel that is chosen */
  draw(channel) {
    this.channel = channel;
    this.columns = Math.max(1, Math.min(this.count, Math.floor(this.node.clientWidth / (TILE + GAP))));
    this.width = this.columns * (TILE + GAP);
    this.height = Math.ceil(this.count / this.columns) * (TILE + GAP);
    const context = sized(this.canvas, this.width, this.height);
    context.clearRect(0, 0, this.width, this.height);
    context.imageSmoothingEnabled = false;
    this.tiles.forEach((tile, i) => context.drawImage(tile, ...this.seat(i), TILE, TILE));
    framed(context, [...this.seat(channel), TILE], CHOSEN);
    this.canvas.drawn = channel;
  }

  /** @returns {[number, number]} */
  seat(i) {
    const [x, y] = [i % this.columns, Math.floor(i / this.columns)];
    return [x * (TILE + GAP) + GAP / 2, y * (TILE + GAP) + GAP / 2];
  }
}
