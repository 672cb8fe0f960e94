/** The way: one tilted tile a block, each lit by the token under the pointer, and the beam that climbs through them. */

import { el, keepingFocus, roving, sized } from "../../../kit/dom.js";
import { clamp } from "../../../kit/maths.js";
import { MARKS } from "../../../kit/photo/marks.js";
import { Beams } from "./beam.js";
import { bordersOf, hit, Painted, partOf, pointOf, sidesOf, tilesOf } from "./tiles.js";
import { blockName, lookLine, windowsName } from "../words.js";

/**
 * @typedef {import("./tiles.js").Tile} Tile @typedef {import("../look.js").Look} Look
 * @typedef {import("../look.js").Block} Block @typedef {import("../story.js").Frame} Frame
 * @typedef {Record<"gold"|"beam"|"slab"|"edge"|"ink"|"lit", string>} Colours
 * @typedef {Object} Shown
 * @property {import("../../../kit/trace.js").Trace} trace @property {number} chosen index of a block
 * @property {(block: Block) => Look|null} look @property {Map<number, number>} fronts @property {boolean} dark
 * @property {{width: number, height: number, narrow: boolean, aspect: number}} room
 * @property {Frame} frame @property {[number, number]|null} end of the beam @property {Float32Array|null} votes
 * @property {Colours} colours
 * @typedef {[number, number]} Place of the picture, as parts of its height and width
 * @typedef {Object} Hands the visitor's moves
 * @property {(index: number, at?: Place) => void} choose a block @property {(at: Place) => void} move
 * @property {() => void} rest @property {() => void} again to be drawn once more
 */

const [RISE, SLAB, LEAST] = [18, 5, 0.03]; // CSS pixels; the least part of a tile that a query's ring takes
const [SLOW, NARROW_BEND, WIDE_BEND] = [0.35, 0, 30];

export class Stack {
  /** @type {Tile[]} */ tiles = [];
  /** @type {Painted[]} */ painted = [];
  /** @type {HTMLButtonElement[]} */ buttons = [];
  hovered = -1;
  #key = "";

  /** @param {Hands} hands */
  constructor(hands) {
    this.hands = hands;
    this.beams = new Beams(() => this.hands.again());
    this.canvas = el("canvas", { "aria-hidden": "true" });
    this.group = el("div", { class: "tiles", role: "radiogroup" });
    this.node = el("div", { class: "stack" }, this.canvas, this.group);
    roving(this.group, () => this.buttons, (i) => this.hands.choose(this.tiles[i].index));
    const mouse = (event) => event.pointerType !== "touch";
    this.node.addEventListener("pointermove", (event) => { if (mouse(event)) this.hover(event); });
    this.node.addEventListener("pointerleave", () => { this.hovered = -1; this.hands.rest(); });
    this.node.addEventListener("click", (event) => this.press(event));
  }

  /** @param {MouseEvent} event */
  at(event) {
    const { left, top } = this.node.getBoundingClientRect();
    return hit(this.tiles, event.clientX - left, event.clientY - top);
  }

  /** A tile under the pointer moves the same spot everywhere. @param {PointerEvent} event */
  hover(event) {
    const found = this.at(event);
    this.hovered = found?.tile.index ?? -1;
    if (found) this.hands.move(found.at);
  }

  /** @param {MouseEvent} event of a pointer, or of a key on a tile's button (no detail) */
  press(event) {
    const button = /** @type {Element} */ (event.target).closest("button");
    const found = event.detail ? this.at(event) : null;
    if (found) this.hands.choose(found.tile.index, found.at);
    else if (button && !event.detail) this.hands.choose(this.tiles[this.buttons.indexOf(button)].index);
  }

  /** @param {Shown} shown @param {(key: string, fields?: Object) => string} say @param {number[]} heads */
  draw(shown, say, heads) {
    const { trace: { blocks }, room, fronts } = shown;
    const key = JSON.stringify([room, [...fronts], blocks.length, say("language"), heads]);
    if (key !== this.#key) {
      this.tiles = tilesOf(blocks, fronts, room);
      keepingFocus(this.group, () => this.build(blocks, say, heads));
    }
    this.#key = key;
    this.context = sized(this.canvas, room.width, room.height);
    this.context.clearRect(0, 0, room.width, room.height);
    this.tiles.forEach((tile, i) => this.tile(tile, i, shown));
    this.beam(shown);
    this.buttons.forEach((button, i) => {
      const here = this.tiles[i].index === shown.chosen;
      button.setAttribute("aria-checked", String(here));
      button.tabIndex = here ? 0 : -1;
      button.style.opacity = String(clamp(shown.frame.up - i, 0, 1));
      button.classList.toggle("coming", !shown.look(blocks[this.tiles[i].index]));
    });
  }

  build(blocks, say, heads) {
    this.group.setAttribute("aria-label", say("tiles"));
    this.painted = this.tiles.map(() => new Painted());
    this.buttons = this.tiles.map((tile) => {
      const { x, y, u, v, index, deck, pair } = tile;
      const block = blocks[index];
      const facts = [windowsName(block, say), block.size.join("×"), say("head", { head: heads[index] + 1 })];
      if (deck > 1) facts.push(say("deck", { pair: pair + 1, count: deck }));
      const box = `left:${x + v[0]}px;top:${y}px;width:${u[0] - v[0]}px;height:${v[1] + 24}px`;
      return el("button", { type: "button", role: "radio", class: "tile", style: box },
        el("b", {}, `${block.stage + 1}.${block.block + 1}`), el("span", { class: "facts" }, facts.join(" · ")),
        el("span", { class: "short", "aria-hidden": "true" }, block.shifted ? "SW" : "W"));
    });
    this.group.replaceChildren(...this.buttons);
  }

  /** What stands there in words, for those who listen. @param {Shown} shown @param {any} scene */
  tell({ trace: { blocks }, look }, scene, say, heads) {
    this.tiles.forEach(({ index }, i) => {
      const block = blocks[index];
      const found = look(block);
      const name = [blockName(block, say), windowsName(block, say), say("head", { head: heads[index] + 1 })];
      const line = lookLine(block, found, found?.token ?? [0, 0], scene, say);
      this.buttons[i].setAttribute("aria-label", `${name.join(say("comma"))}: ${found ? line : say("waiting")}`);
    });
  }

  /** @param {Tile} tile @param {number} i @param {Shown} shown */
  tile(tile, i, { trace, look, frame, chosen, colours }) {
    const up = clamp(frame.up - i, 0, 1);
    if (up <= 0) return;
    const { context } = this;
    const block = trace.blocks[tile.index];
    const found = frame.lit ? look(block) : null;
    const at = { ...tile, y: tile.y + (1 - up) ** 3 * RISE };
    context.globalAlpha = up;
    this.deck(at, colours);
    const picture = this.painted[i].paint(trace, block, found);
    context.save();
    const { width, height } = picture;
    context.transform(at.u[0] / width, at.u[1] / width, at.v[0] / height, at.v[1] / height, at.x, at.y);
    context.drawImage(picture, 0, 0);
    context.restore();
    this.windows(at, block, this.painted[i].cells);
    this.path(at, [[0, 0], [1, 0], [1, 1], [0, 1]]);
    const mine = tile.index === chosen;
    context.lineWidth = mine ? 2.5 : 1;
    context.strokeStyle = mine ? colours.gold : tile.index === this.hovered ? colours.ink : colours.edge;
    context.stroke();
    if (found) this.query(at, block, found);
    context.globalAlpha = 1;
    this.canvas.drawn = { ...this.canvas.drawn, [block.name]: found && { token: found.token, shares: found.shares } };
  }

  /** @param {Tile} tile @param {[number, number][]} corners as parts across and down */
  path(tile, corners, closed = true) {
    this.context.beginPath();
    corners.forEach(([across, down], i) => {
      const to = pointOf(tile, across, down);
      if (i) this.context.lineTo(...to);
      else this.context.moveTo(...to);
    });
    if (closed) this.context.closePath();
  }

  /** The tile's thickness, and the edges of the pairs behind it. @param {Tile} tile @param {Colours} colours */
  deck(tile, colours) {
    const { context } = this;
    const [dx, dy] = [Math.min(9, 18 / tile.deck), Math.min(6, 13 / tile.deck)];
    for (let n = tile.deck - 1; n > 0; n--) {
      this.path({ ...tile, x: tile.x + n * dx, y: tile.y - n * dy }, [[0, 0], [1, 0], [1, 1], [0, 1]]);
      context.fillStyle = colours.slab;
      context.fill();
      context.strokeStyle = colours.edge;
      context.lineWidth = 1;
      context.stroke();
    }
    if (!tile.v[0]) return;
    this.path({ ...tile, y: tile.y + SLAB }, [[0, 0], [1, 0], [1, 1], [0, 1]]);
    context.fillStyle = colours.slab;
    context.fill();
  }

  /** The lines between windows, and the one that the token stands in. @param {Tile} tile @param {Block} block */
  windows(tile, block, cells) {
    const { context } = this;
    const [across, down] = bordersOf(block);
    const lines = [...across.map((part) => [part, 0, part, 1]), ...down.map((part) => [0, part, 1, part])];
    this.lines(tile, lines);
    context.lineWidth = 1;
    context.strokeStyle = "rgba(255,255,255,.22)";
    context.stroke();
    if (!cells.length) return;
    this.lines(tile, sidesOf(block, cells));
    for (const [colour, width] of /** @type {[string, number][]} */ ([["rgba(0,0,0,.6)", 3.5], ["#fff", 1.6]])) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke();
    }
  }

  /** @param {Tile} tile @param {number[][]} lines as parts [across, down, across, down] */
  lines(tile, lines) {
    this.context.beginPath();
    for (const [a, b, c, d] of lines) {
      this.context.moveTo(...pointOf(tile, a, b));
      this.context.lineTo(...pointOf(tile, c, d));
    }
  }

  /** The query's ring, not smaller than can be seen. @param {Tile} tile @param {Block} block @param {Look} look */
  query(tile, block, { token }) {
    const [down, across] = [0, 1].map((axis) => {
      const [from, to] = [partOf(block, axis, token[axis]), partOf(block, axis, token[axis] + 1)];
      const half = Math.max(to - from, LEAST) / 2;
      return [(from + to) / 2 - half, (from + to) / 2 + half];
    });
    this.path(tile, [[across[0], down[0]], [across[1], down[0]], [across[1], down[1]], [across[0], down[1]]]);
    for (const [colour, width] of /** @type {[string, number][]} */ ([["rgba(0,0,0,.7)", 3.5], [MARKS.query[0], 2]])) {
      this.context.lineWidth = width;
      this.context.strokeStyle = colour;
      this.context.stroke();
    }
  }

  /** From the first tile up to the answer: by flow, and above the last block by vote. @param {Shown} shown */
  beam(shown) {
    const { trace: { blocks }, trace, frame, look } = shown;
    const last = blocks.at(-1);
    const found = look(last);
    if (!frame.beam || !found) return;
    const token = found.token[0] * last.size[1] + found.token[1];
    const levels = this.beams.of(trace, token);
    const steps = this.tiles.length;
    if (levels) {
      this.context.globalCompositeOperation = shown.dark ? "lighter" : "source-over";
      this.tiles.slice(1).forEach((upper, i) => {
        const grown = clamp(frame.beam * steps - i, 0, 1);
        if (grown > 0) this.level(levels[upper.index], blocks[upper.index], [this.tiles[i], upper], grown, shown);
      });
      this.context.globalCompositeOperation = "source-over";
    }
    const grown = clamp(frame.beam * steps - steps + 1, 0, 1);
    if (grown > 0 && shown.end && shown.votes) this.votes(last, token, grown, shown);
    this.context.globalAlpha = 1;
    this.canvas.drawn = { ...this.canvas.drawn, beam: levels && levels.map(({ edges }) => edges.length) };
  }

  /** @param {import("./beam.js").Level} level @param {Block} block @param {Tile[]} tiles lower and upper */
  level({ edges }, block, [lower, upper], grown, { colours, dark, room }) {
    const { context } = this;
    const [bend, bright] = [room.narrow ? NARROW_BEND : WIDE_BEND, dark ? 1 : 1.3];
    const middle = (token) => {
      const [row, column] = [Math.floor(token / block.size[1]), token % block.size[1]];
      return /** @type {const} */ ([partOf(block, 1, column + 0.5), partOf(block, 0, row + 0.5)]);
    };
    context.strokeStyle = colours.beam;
    context.lineCap = "round";
    if (grown < 1) context.setLineDash([grown * 420, 9999]);
    for (const { from, to, flow } of edges) {
      const [root, most] = [Math.sqrt(flow), Math.sqrt(flow / edges[0].flow)];
      const [[x, y], [x2, y2]] = [pointOf(lower, ...middle(to)), pointOf(upper, ...middle(from))];
      const half = (y + y2) / 2;
      context.globalAlpha = Math.min(0.95, (0.03 + bright * root * (0.3 + 0.7 * most)) * (SLOW + (1 - SLOW) * grown));
      context.lineWidth = 0.7 + 5 * root;
      context.beginPath();
      context.moveTo(x, y);
      context.bezierCurveTo(x, half - bend, x2, half + bend, x2, y2);
      context.stroke();
    }
    context.setLineDash([]);
    context.lineCap = "butt";
  }

  /** Each of the last tokens' vote for the winner; its own is the bright one. @param {Block} last */
  votes(last, token, grown, { end, votes, colours, room }) {
    const { context } = this;
    const [high, upper] = [Math.max(...votes, 1e-9), this.tiles.at(-1)];
    context.strokeStyle = colours.beam;
    votes.forEach((vote, i) => {
      const [row, column] = [Math.floor(i / last.size[1]), i % last.size[1]];
      const [x, y] = pointOf(upper, partOf(last, 1, column + 0.5), partOf(last, 0, row + 0.5));
      const mine = i === token;
      context.globalAlpha = grown * (mine ? 0.95 : 0.05 + 0.22 * Math.max(0, vote / high) ** 2);
      context.lineWidth = mine ? 3 : 1;
      context.beginPath();
      context.moveTo(x, y);
      context.bezierCurveTo(x, y - 50, end[0], end[1] + (room.narrow ? 30 : 70), end[0], end[1]);
      context.stroke();
    });
  }
}
