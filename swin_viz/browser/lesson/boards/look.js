/** The tokens' colours as a canvas needs them: look/tokens.css is their one source, light or dark. */

import { parse } from "../../kit/colour.js";

/** @typedef {import("../../kit/colour.js").Rgb} Rgb */
/**
 * @typedef {Object} Look
 * @property {(name: string) => string} css a token as it is written @property {(name: string) => Rgb} rgb as numbers
 * @property {Rgb[]} hues of regions and windows @property {string} font
 * @property {(context: CanvasRenderingContext2D) => CanvasPattern} blocked the hatch of what the mask blocks
 */

const HUES = 9;
const HATCH_PX = 6;

/** @param {Element} root whose theme is set @returns {Look} */
export function lookOf(root) {
  const style = getComputedStyle(root);
  const found = new Map();
  const css = (name) => {
    if (!found.has(name)) found.set(name, style.getPropertyValue(`--${name}`).trim());
    return found.get(name);
  };
  const rgb = (name) => parse(css(name));
  const hues = Array.from({ length: HUES }, (_, i) => rgb(`g${i}`));
  const tile = hatchTile(css("blocked"), css("blocked-hatch"));
  const blocked = (context) => context.createPattern(tile, "repeat");
  return { css, rgb, hues, font: style.fontFamily, blocked };
}

function hatchTile(ground, stripe) {
  const tile = Object.assign(document.createElement("canvas"), { width: HATCH_PX, height: HATCH_PX });
  const context = tile.getContext("2d");
  context.fillStyle = ground;
  context.fillRect(0, 0, HATCH_PX, HATCH_PX);
  context.strokeStyle = stripe;
  context.globalAlpha = 0.6;
  context.beginPath();
  for (const shift of [-HATCH_PX, 0, HATCH_PX]) {
    context.moveTo(shift - 1, HATCH_PX + 1);
    context.lineTo(shift + HATCH_PX + 1, -1);
  }
  context.stroke();
  return tile;
}

/** Between two colours. @param {Rgb} from @param {Rgb} to @param {number} part 0 to 1 @returns {Rgb} */
export const mixed = (from, to, part) => (
  /** @type {Rgb} */ (from.map((each, i) => Math.round(each + (to[i] - each) * part))));

/** A plain number on a ramp of greys: an index, a token's number. @param {Look} look @returns {Rgb} */
export function grey(look, value, low, high) {
  return mixed(look.rgb("allowed"), look.rgb("quiet"), high > low ? (0.85 * (value - low)) / (high - low) : 0);
}

/** A signed number around the page's own nothing. @param {Look} look @param {number} most @returns {Rgb} */
export function signed(look, value, most) {
  const part = most > 0 ? Math.min(1, Math.abs(value) / most) : 0;
  return mixed(look.rgb("zero"), look.rgb(value < 0 ? "minus" : "plus"), part);
}
