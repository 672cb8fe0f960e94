/**
 * What is on the screen of pairs, to take away: every matrix with its range, the picture with its scale, the caption.
 */

import { percent } from "../kit/dom.js";
import { sheet } from "../kit/export.js";
import { photoSvg } from "../kit/photo/photosvg.js";

/** @typedef {(key: string, fields?: Object) => string} Say */

/**
 * @param {import("../kit/matrix.js").Matrix[]} matrices @param {import("../kit/photo/photo.js").PhotoView} view
 * @param {[number, number]|null} key @param {Say} say
 */
export function pairsSheet(matrices, view, key, say) {
  const parts = matrices.map((matrix) => ({
    label: matrix.label.textContent, canvas: matrix.copy(), note: matrix.range.textContent,
  }));
  const legend = { scale: "share", low: percent(0), high: percent(view.canvas.drawn.high), unit: "" };
  const picture = { label: say("column_probs"), canvas: view.canvas, vector: () => photoSvg(view, key), legend };
  return sheet([...parts, picture]);
}

/**
 * In the words of attention/shown.py: picture, model, block, head, query; then the factor if it is not the model's,
 * and the pair, if one is chosen.
 * @param {string} caption of picture and model @param {import("../kit/trace.js").Block} block @param {number} head
 * @param {[number, number]} query @param {string[]} more @param {Say} say
 */
export function captionOf(caption, block, head, [row, column], more, say) {
  const name = say("block_name", { stage: block.stage + 1, block: block.block + 1 });
  const kind = say(block.shifted ? "shifted" : "regular");
  const query = say("caption_query", { row, column });
  return [caption, name, kind, say("head", { head: head + 1 }), query, ...more].join(" · ");
}
