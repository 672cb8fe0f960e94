/** The sentences: what a token takes from whom, in any block; and what the story says. */

import { percent, weightText } from "../../kit/dom.js";
import { objectAt, PADDING, takenFrom } from "./look.js";

/**
 * @typedef {(key: string, fields?: Object) => string} Say
 * @typedef {import("./look.js").Block} Block @typedef {import("./look.js").Look} Look
 */

/** A share whose sign stays beside its number where a line ends. @param {number} share */
const together = (share) => percent(share).replace(" ", "\u00a0");

const SECOND = 0.02; // the least that is said of a second object

/** @param {Block} block @param {Say} say */
export function blockName(block, say) {
  return say("block", { stage: block.stage + 1, block: block.block + 1 });
}

/** How a block's windows lie. @param {Block} block @param {Say} say */
export function windowsName(block, say) {
  return say(block.windows === 1 ? "one_window" : block.shifted ? "shifted" : "regular");
}

/**
 * What a token looks at: by the names of objects where they are known, else by its strongest key.
 * @param {Block} block @param {Look|null} look @param {[number, number]} token @param {any} scene @param {Say} say
 */
export function lookLine(block, look, token, scene, say) {
  const [row, column] = token;
  if (!look) return say("fetching", { row, column });
  if (!scene.objects) {
    const key = block.at(look.window, look.best);
    const name = String(key) === String(token) ? say("itself") : `(${key.join(", ")})`;
    const fields = { row, column, key: block.isPadding(...key) ? say("padding") : name, share: weightText(look.high) };
    return say("line_plain", fields);
  }
  const own = objectAt(block, token);
  const isOwn = (object) => object === own && own > 0 && own !== scene.cue;
  const name = (object) => (object === PADDING ? say("padding") : scene.objects[object]);
  const parts = takenFrom(block, look).slice(0, 2).filter(([, share], i) => !i || share >= SECOND)
    .map(([object, share]) => say(isOwn(object) ? "part_own" : "part", { share: together(share), what: name(object) }));
  return say("line", { row, column, who: scene.objects[own], parts: parts.join(say("comma")) });
}

/** What the story says at a moment. @param {string} line @param {any} facts @param {Say} say */
export function storyLine(line, { told, block, scene, head, answer }, say) {
  if (line !== "story_beam") {
    const share = told.pair ? percent(told.pair.share) : "";
    return say(line, { shape: scene.asked, shift: Math.max(...block.shift), head: head + 1, share });
  }
  return answer ? say(line, { name: answer }) : say("story_end");
}

/** A number with its sign, as votes are. @param {number} value */
export const signed = (value) => value.toFixed(1).replace("-", "−");
