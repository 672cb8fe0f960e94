/** One patch and one filter: every product, the sum, what the run has there, the norm after; and the patch covered. */

import { hatch } from "../kit/colour.js";
import { ARROWS, decimal, el, isDark, minus, nextFrame } from "../kit/dom.js";
import { clamp, largest } from "../kit/maths.js";
import { strip } from "../kit/matrix.js";
import { cellAt } from "../kit/pointer.js";
import { signed } from "./boards/look.js";
import { Cover } from "./parts/patch/cover.js";
import { Embedding, spread } from "./parts/patch/embedding.js";
import { filterPicture, Filters } from "./parts/patch/filters.js";
import { Ledger } from "./parts/patch/ledger.js";
import { cleared, framed, picture } from "./parts/picture.js";

const [NARROWEST, WIDEST, TALLEST] = [120, 360, 400]; // pixels of a picture
const CHOSEN = [["#3b0805", 5], ["#ff3b30", 2.5]];
const LIT = [["#00263a", 4], ["#00b8ff", 2]];
const GROUP = "channels."; // of the run's own values, by the first channel

export class Patches {
  waiting = false; // for the run's own values
  /** @type {import("./boards/look.js").Look} */ look;
  /** @type {{channel: number, values: Float64Array, picture: HTMLCanvasElement|null, look: any}} */ response;

  /** @param {import("./lesson.js").Context} context its message holds what lessons/patches.py makes: `patch.*` */
  constructor(context) {
    const { trace, message, say, signal, own, answer } = context;
    this.context = context;
    this.trace = trace;
    this.say = say;
    this.embedding = new Embedding(trace, message);
    /** @type {Record<string, string>} */ this.own = { ...own };
    /** @type {number[]} */ this.at = answer.at;
    /** @type {number} */ this.channel = answer.channel;
    /** @type {import("../kit/trace.js").Message|null} of the channel's group */ this.captured = null;
    this.redraw = nextFrame(() => this.draw());
    const title = () => el("figcaption", {});
    this.titles = { photo: title(), map: title(), pair: title() };
    this.photo = this.pointed("own_photo", signal);
    this.map = this.pointed("own_map", signal);
    this.pair = el("canvas", { "aria-hidden": "true" });
    this.line = el("p", { class: "reach-line", "aria-live": "polite" });
    this.norm = el("p", { class: "reach-line", "aria-live": "polite" });
    this.strips = el("div", {});
    this.filters = new Filters(this.embedding, say, (channel) => this.choose(channel), signal);
    this.ledger = new Ledger(say, this.redraw, signal);
    this.cover = new Cover(context, () => this.turnCover());
    Object.assign(this.cover, { on: answer.cover, answer });
    this.node = el("section", { class: "extra" }, ...this.parts());
    this.fetch();
  }

  parts() {
    const { say, titles } = this;
    const figure = (name, canvas, line = null) => el("figure", {}, titles[name], canvas, line);
    return [el("h2", {}, say("own_title")), el("p", {}, say("own_text")),
      el("div", { class: "patch-cards" }, figure("photo", this.photo), figure("map", this.map),
        figure("pair", this.pair, this.line)),
      this.filters.node, this.ledger.node, el("h2", {}, say("norm_title")), this.norm, this.strips,
      this.cover.node];
  }

  /** A picture on which a patch is chosen: pointing looks at it, a click or a key keeps it. */
  pointed(name, signal) {
    const canvas = el("canvas", { class: "photo", tabindex: "0", role: "application" });
    const [rows, columns] = this.embedding.size;
    const look = (event) => this.lookAt(cellAt(event, canvas, rows, columns), event.type === "pointerdown");
    for (const type of ["pointermove", "pointerdown"]) canvas.addEventListener(type, look, { signal });
    canvas.addEventListener("keydown", (event) => {
      const move = ARROWS[event.key];
      if (!move) return;
      event.preventDefault();
      this.lookAt(this.at.map((part, i) => part + move[i]), true);
    }, { signal });
    return canvas;
  }

  /** @param {number[]} at @param {boolean} keep it, in the address too */
  lookAt(at, keep) {
    const { size } = this.embedding;
    this.at = at.map((part, i) => clamp(part, 0, size[i] - 1));
    if (keep) this.keep({ patch: this.at.join(".") });
    this.redraw();
  }

  /** Another filter. @param {number} channel */
  choose(channel) {
    this.channel = channel;
    this.keep({ filter: String(channel + 1) });
    this.fetch();
    this.redraw();
  }

  turnCover() {
    this.cover.on = !this.cover.on;
    if (!this.cover.on) delete this.own.cover;
    this.keep({ patch: this.at.join("."), ...(this.cover.on ? { cover: "1" } : {}) });
    this.redraw();
  }

  /** What was chosen by hand. @param {Record<string, string>} chosen */
  keep(chosen) {
    this.own = { ...this.own, ...chosen };
    this.context.settle();
  }

  /** The server has run the model for what was chosen. */
  answered(answer) {
    this.cover.answer = answer;
    this.redraw();
  }

  /** The run's own values of the channel, where they can be had: a file may hold some channels' only. */
  fetch() {
    const { context: { groups, want }, channel } = this;
    const firsts = groups.filter((group) => group.startsWith(GROUP)).map((group) => Number(group.slice(GROUP.length)));
    const first = largest(firsts.filter((each) => each <= channel));
    this.captured = null;
    this.waiting = Number.isFinite(first);
    if (!this.waiting) return;
    want(`${GROUP}${first}`).then((message) => {
      if (channel !== this.channel) return;
      this.captured = message.has(`projected.${channel}`) ? message : null;
      this.waiting = false;
      this.redraw();
    }, () => {}); // a part that is gone is offered anew when the page runs again
  }

  /** What the filter gives everywhere, computed once. */
  respond() {
    const { channel, embedding, look } = this;
    if (this.response?.channel !== channel) {
      this.response = { channel, values: embedding.response(channel), picture: null, look: null };
    }
    const { response } = this;
    if (response.look !== look) {
      const most = largest(response.values.map(Math.abs)) || 1;
      response.picture = picture(...embedding.size, (i) => signed(look, response.values[i], most));
      response.look = look;
    }
    return response;
  }

  draw(dark = isDark(this.node), look = this.look) {
    void dark;
    this.look = look;
    if (!look) return;
    const { embedding, at, channel } = this;
    const [values, { values: map }] = [embedding.values(at), this.respond()];
    const { products, sums } = embedding.products(values, channel);
    const isPadding = (k) => embedding.pixel(at, k) < 0;
    const value = map[at[0] * embedding.size[1] + at[1]];
    this.drawPictures();
    this.filters.draw(channel);
    this.ledger.draw({ x: values, w: embedding.filter(channel), product: products, sum: sums }, embedding.patch,
      isPadding, look);
    this.drawPair(values, isPadding);
    this.tell(value, sums.at(-1));
    this.drawNorm(embedding.token(values));
    this.cover.draw(embedding, at, look);
    const seen = { values: Array.from(values), products: Array.from(products), sums: Array.from(sums) };
    this.node.drawn = { at, channel, value, ...seen, run: this.captured && this.found("projected", at) };
  }

  /** The run's own value of the channel at a patch. */
  found(name, at) { return this.captured.get(`${name}.${this.channel}`)[at[0] * this.embedding.size[1] + at[1]]; }

  /** What is computed here and what the run has differ by so much at most. */
  difference() {
    const run = this.captured.get(`projected.${this.channel}`);
    return largest(this.response.values.map((value, i) => Math.abs(value - run[i])));
  }

  tell(value, sum) {
    const { say, at: [row, column], channel, embedding: { bias, size }, captured } = this;
    const filter = channel + 1;
    const numbers = { sum: decimal(sum, 5), bias: decimal(bias[channel], 5), value: decimal(value, 5) };
    const line = [say("own_line", { row, column, filter, ...numbers })];
    if (captured) {
      const [difference, tokens] = [minus(this.difference().toExponential(1)), size[0] * size[1]];
      const run = decimal(this.found("projected", this.at), 5);
      line.push(say("own_line_run", { captured: run, tokens, difference }));
    } else if (this.waiting) line.push(say("own_line_waiting"));
    this.line.replaceChildren(...rich(line.join(" ")));
    const titles = { photo: {}, map: { filter }, pair: { filter } };
    for (const [name, fields] of Object.entries(titles)) this.titles[name].textContent = say(`own_${name}`, fields);
    for (const name of ["photo", "map"]) {
      this[name].setAttribute("aria-label", `${this.titles[name].textContent}. ${say("own_keys")}`);
    }
  }

  /** The picture, and what the filter gives on it, both with the chosen patch. */
  drawPictures() {
    const { embedding: { size: [rows, columns], patch }, trace, at, look } = this;
    const room = Math.min(WIDEST, (TALLEST * columns) / rows);
    for (const canvas of [this.photo, this.map]) {
      const { context, width, height } = cleared(canvas, Math.min(NARROWEST, room), room, rows / columns);
      const [cell, photo] = [width / columns, trace.photo()];
      const unit = cell / patch;
      context.fillStyle = hatch(context);
      context.fillRect(0, 0, width, height);
      if (canvas === this.map) context.drawImage(this.response.picture, 0, 0, width, height);
      else {
        context.imageSmoothingEnabled = unit < 3;
        context.drawImage(photo, 0, 0, photo.width * unit, photo.height * unit);
      }
      const seat = [at[1] * cell, at[0] * cell, cell];
      if (this.cover.on && canvas === this.photo) {
        context.fillStyle = look.css("quiet");
        context.fillRect(seat[0], seat[1], cell, cell);
      }
      framed(context, [seat[0] - 2, seat[1] - 2, cell + 4], CHOSEN);
    }
  }

  /** The patch and the filter beside each other, enlarged, with the pixel of the number that is looked at. */
  drawPair(values, isPadding) {
    const { embedding, at, trace: { pixels }, channel, ledger } = this;
    const { patch } = embedding;
    const { context, width } = cleared(this.pair, NARROWEST, WIDEST, 0.5);
    const side = Math.max(1, Math.floor((width / 2 - 8) / patch));
    const [tile, far] = [filterPicture(embedding, channel), width - side * patch];
    for (let i = 0; i < patch ** 2; i++) {
      const [x, y, pixel] = [(i % patch) * side, Math.floor(i / patch) * side, embedding.pixel(at, i)];
      context.fillStyle = isPadding(i) ? hatch(context) : `rgb(${pixels.subarray(3 * pixel, 3 * pixel + 3)})`;
      context.fillRect(x, y, side, side);
    }
    context.drawImage(tile, far, 0, side * patch, side * patch);
    const [, y, x] = embedding.place(ledger.lit);
    for (const left of [0, far]) framed(context, [left + x * side + 2, y * side + 2, side - 4], LIT);
  }

  drawNorm(token) {
    const { say, embedding, channel, look } = this;
    const normed = embedding.normed(token);
    const [mean, std] = spread(token).map((each) => decimal(each));
    const facts = { channels: embedding.count, mean, std, filter: channel + 1 };
    const rows = [["norm_before", token], ...(normed ? [["norm_after", normed.out]] : [])];
    if (!normed) this.norm.textContent = say("norm_none", facts);
    else {
      const [[mean0, std0], [mean1, std1]] = [normed.scaled, normed.out].map((each) => spread(each).map(plain));
      const [before, after] = [token, normed.out].map((each) => decimal(each[channel], 5));
      const line = [say("norm_line", { ...facts, mean0, std0, mean1, std1, before, after })];
      if (this.captured) line.push(say("norm_line_run", { captured: decimal(this.found("tokens", this.at), 5) }));
      this.norm.replaceChildren(...rich(line.join(" ")));
    }
    const most = largest(rows.flatMap(([, values]) => Array.from(values, Math.abs))) || 1;
    this.strips.replaceChildren(...rows.map(([name, values]) => this.strip(say(name), values, most, look)));
    this.norm.drawn = { token: Array.from(token), normed: normed && Array.from(normed.out) };
  }

  /** A token's numbers in colour, the chosen channel framed. */
  strip(label, values, most, look) {
    const canvas = el("canvas", { "aria-hidden": "true" });
    const width = clamp(this.node.clientWidth - 150, 200, 900);
    strip(canvas, values, width, 24, -most, most, { dark: isDark(this.node) });
    const [cell, context] = [width / values.length, canvas.getContext("2d")];
    Object.assign(context, { strokeStyle: look.css("query"), lineWidth: 2 });
    context.strokeRect(this.channel * cell, 1, cell, 22);
    return el("div", { class: "merge-strip" }, el("b", {}, label), canvas);
  }
}

const plain = (value) => (Math.abs(value) < 5e-4 ? "0.000" : decimal(value));

/** Text with **bold** parts. @param {string} text @returns {(Node|string)[]} */
const rich = (text) => text.split("**").map((part, i) => (i % 2 ? el("b", {}, part) : part));
