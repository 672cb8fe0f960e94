/** One row of scores on its way through the mask: score + mask = masked, and the softmax of both, each pair of charts on one scale. */

import { HUES } from "../../kit/colour.js";
import { el, percent } from "../../kit/dom.js";

const [CHART_WIDE, HIGH, LEFT, TOP, BOTTOM] = [460, 170, 46, 10, 30];

/** @param {number[]} logits @returns {number[]} */
export function softmaxOf(logits) {
  const most = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - most));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

/** A share as it is written: what is there, but too little to be read, is not called 0. */
export const shareText = (share) => (share === 0 ? "0" : share < 5e-5 ? "< 0.01 %" : percent(share));

/** A mask's value as it is written. */
export const maskText = (value) => (value === -Infinity ? "−∞" : String(value).replace("-", "−"));

export class RowSoftmax {
  constructor(say) {
    this.say = say;
    this.charts = el("div", { class: "row-charts" });
    this.table = el("div", { class: "softmax-table", tabindex: "0", role: "region", "aria-label": say("row_table") });
    this.title = el("h2", {}, say("row_title"));
    this.node = el("div", {}, this.title, el("p", {}, say("row_text")), this.charts, this.table);
  }

  /** @param {{scores: number[], mask: number[], names: string[], regions: number[]}|null} row of one query: what is added is in `mask` */
  draw(row) {
    this.node.hidden = !row;
    if (!row) return;
    const masked = row.scores.map((score, k) => score + row.mask[k]);
    const [before, after] = [softmaxOf(row.scores), softmaxOf(masked)];
    const crossing = (k) => row.across[k];
    const scale = [Math.min(0, ...row.scores), Math.max(0, ...row.scores)];
    const top = Math.max(...before, ...after);
    this.charts.replaceChildren(
      this.chart("row_scores", row.scores, scale, crossing, (value) => value.toFixed(1)),
      this.chart("row_masked", masked, scale, crossing, (value) => value.toFixed(1)),
      this.chart("softmax_without", before, [0, top], crossing, percent),
      this.chart("softmax_with", after, [0, top], crossing, percent));
    this.table.replaceChildren(this.numbers(row, masked, before, after));
    this.node.drawn = { scores: row.scores, mask: row.mask, masked, before, after, scale, top };
  }

  /** Bars on a scale that is handed in; a value below it ends in an arrow. */
  chart(name, values, [low, high], crossing, written) {
    const y = (value) => TOP + (HIGH - TOP - BOTTOM) * (1 - (value - low) / (high - low || 1));
    const slot = (CHART_WIDE - LEFT) / values.length;
    const svg = el("svg", { viewBox: `0 0 ${CHART_WIDE} ${HIGH}`, role: "img", "aria-label": this.say(name) });
    const ticks = low < 0 && high > 0 ? [low, 0, high] : [low, (low + high) / 2, high];
    for (const value of ticks) svg.append(el("line", { x1: LEFT, x2: CHART_WIDE, y1: y(value), y2: y(value), class: "rule" }), el("text", { x: LEFT - 5, y: y(value) + 4, "text-anchor": "end" }, written(value).replace("-", "−")));
    values.forEach((value, k) => svg.append(this.bar(value, LEFT + k * slot, slot, y, low, crossing(k))));
    svg.append(el("text", { x: (LEFT + CHART_WIDE) / 2, y: HIGH - 4, "text-anchor": "middle" }, this.say("row_axis", { last: values.length - 1 })));
    return el("figure", { class: "chart" }, el("figcaption", {}, this.say(name)), svg);
  }

  bar(value, x, slot, y, low, across) {
    const fill = HUES[across ? 5 : 4];
    if (value < low) { // off the scale, by what the mask adds
      const [middle, foot] = [x + slot / 2, HIGH - BOTTOM];
      return el("path", { d: `M${middle} ${y(0)}V${foot - 5}M${middle - slot / 2.2} ${foot - 7}L${middle} ${foot}L${middle + slot / 2.2} ${foot - 7}`, stroke: fill, fill: "none", "stroke-width": Math.min(2, slot / 3) });
    }
    const [top, foot] = [y(Math.max(0, value)), y(Math.min(0, value))];
    return el("rect", { x: x + slot * 0.08, width: slot * 0.84, y: top, height: Math.max(0, foot - top), fill });
  }

  numbers(row, masked, before, after) {
    const names = ["row_key", "row_region", "row_score", "row_mask", "row_sum", "row_before", "row_after"];
    const line = (k) => [row.names[k], row.regions[k], row.scores[k].toFixed(2), maskText(row.mask[k]), masked[k] === -Infinity ? "−∞" : masked[k].toFixed(2), shareText(before[k]), shareText(after[k])];
    return el("table", { class: "ledger" }, el("thead", {}, el("tr", {}, ...names.map((name) => el("th", { scope: "col" }, this.say(name))))),
      el("tbody", {}, ...masked.map((_, k) => el("tr", { class: row.across[k] ? "across" : null }, ...line(k).map((text) => el("td", {}, String(text).replace("-", "−")))))));
  }
}
