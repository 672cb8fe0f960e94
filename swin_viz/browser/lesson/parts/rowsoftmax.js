/** One row of scores on its way through the mask, and the softmax of both; each pair of charts has one scale. */

import { el, minus, percent, weightText } from "../../kit/dom.js";
import { softmax } from "../../kit/maths.js";

/**
 * @typedef {Object} Row of one query
 * @property {number[]} scores @property {number[]} mask what is added
 * @property {boolean[]} across whether a key is another region's
 * @property {string[]} names @property {number[]} regions of the keys
 */

const [CHART_WIDE, HIGH, LEFT, TOP, BOTTOM] = [460, 170, 46, 10, 30];
const [FREE, ACROSS] = ["var(--key-ink)", "url(#across)"]; // another region's are hatched
const COLUMNS = ["row_key", "row_region", "row_score", "row_mask", "row_sum", "row_before", "row_after"];

/** A weight as it is written; a mask of −∞ leaves nothing at all. */
export const shareText = (share) => (share === 0 ? "0" : weightText(share));

/** What is added or comes of it, as it is written. */
const sumText = (value, written) => (value === -Infinity ? "−∞" : minus(written(value)));

/** The hatch of keys of another region. */
function pattern() {
  const more = { id: "across", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
  const ground = el("rect", { width: 5, height: 5, fill: "var(--blocked)" });
  return el("defs", {}, el("pattern", more, ground, el("rect", { width: 2, height: 5, fill: "var(--blocked-hatch)" })));
}

export class RowSoftmax {
  /** @param {import("../lesson.js").Say} say */
  constructor(say) {
    this.say = say;
    this.charts = el("div", { class: "row-charts" });
    this.table = el("div", { class: "softmax-table", tabindex: "0", role: "region", "aria-label": say("row_table") });
    const [title, text] = [el("h2", {}, say("row_title")), el("p", {}, say("row_text"))];
    this.node = el("div", {}, title, text, this.charts, this.table);
  }

  /** @param {Row|null} row */
  draw(row) {
    this.node.hidden = !row;
    if (!row) return;
    const { scores, mask, across } = row;
    const masked = scores.map((score, k) => score + mask[k]);
    const [before, after] = [softmax(scores), softmax(masked)];
    const scale = [Math.min(0, ...scores), Math.max(0, ...scores)];
    const top = Math.max(...before, ...after);
    const tenths = (value) => value.toFixed(1);
    this.charts.replaceChildren(
      this.chart("row_scores", scores, scale, across, tenths), this.chart("row_masked", masked, scale, across, tenths),
      this.chart("softmax_without", before, [0, top], across, percent),
      this.chart("softmax_with", after, [0, top], across, percent));
    this.table.replaceChildren(this.numbers(row, masked, before, after));
    this.node.drawn = { scores, mask, masked, before, after, scale, top };
  }

  /**
   * Bars on a scale that is handed in; a value below it ends in an arrow.
   * @param {string} name @param {number[]} values @param {number[]} scale lowest and highest
   * @param {boolean[]} across @param {(value: number) => string} written
   */
  chart(name, values, [low, high], across, written) {
    const y = (value) => TOP + (HIGH - TOP - BOTTOM) * (1 - (value - low) / (high - low || 1));
    const slot = (CHART_WIDE - LEFT) / values.length;
    const ticks = low < 0 && high > 0 ? [low, 0, high] : [low, (low + high) / 2, high];
    const rules = ticks.flatMap((value) => [
      el("line", { x1: LEFT, x2: CHART_WIDE, y1: y(value), y2: y(value), class: "rule" }),
      el("text", { x: LEFT - 5, y: y(value) + 4, "text-anchor": "end" }, minus(written(value))),
    ]);
    const bars = values.map((value, k) => this.bar(value, LEFT + k * slot, slot, y, low, across[k] ? ACROSS : FREE));
    const axis = { x: (LEFT + CHART_WIDE) / 2, y: HIGH - 4, "text-anchor": "middle" };
    const alt = { viewBox: `0 0 ${CHART_WIDE} ${HIGH}`, role: "img", "aria-label": this.say(name) };
    const words = el("text", axis, this.say("row_axis", { last: values.length - 1 }));
    const svg = el("svg", alt, pattern(), ...rules, ...bars, words);
    return el("figure", { class: "chart" }, el("figcaption", {}, this.say(name)), svg);
  }

  bar(value, x, slot, y, low, fill) {
    if (value < low) { // off the scale, by what the mask adds
      const [middle, foot, wing] = [x + slot / 2, HIGH - BOTTOM, slot / 2.2];
      const head = `M${middle - wing} ${foot - 7}L${middle} ${foot}L${middle + wing} ${foot - 7}`;
      const d = `M${middle} ${y(0)}V${foot - 5}${head}`;
      return el("path", { d, stroke: "var(--blocked-hatch)", fill: "none", "stroke-width": Math.min(2, slot / 3) });
    }
    const [top, foot] = [y(Math.max(0, value)), y(Math.min(0, value))];
    return el("rect", { x: x + slot * 0.08, width: slot * 0.84, y: top, height: Math.max(0, foot - top), fill });
  }

  numbers(row, masked, before, after) {
    const hundredths = (value) => value.toFixed(2);
    const line = (k) => [
      row.names[k], String(row.regions[k]), minus(hundredths(row.scores[k])), sumText(row.mask[k], String),
      sumText(masked[k], hundredths), shareText(before[k]), shareText(after[k]),
    ];
    const cells = (k) => line(k).map((text) => el("td", {}, text));
    const head = COLUMNS.map((name) => el("th", { scope: "col" }, this.say(name)));
    const body = masked.map((_, k) => el("tr", { class: row.across[k] ? "across" : null }, ...cells(k)));
    return el("table", { class: "ledger" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...body));
  }
}
