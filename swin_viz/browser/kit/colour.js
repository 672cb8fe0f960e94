/** Colour scales: for shares, for signed numbers, for plain magnitudes; all readable by the colour-blind. */

/** @typedef {"share"|"signed"|"signedDark"|"amount"|"light"} Scale */

const ANCHORS = {
  share: [
    "#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725",
  ],
  signed: ["#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#f7f7f7", "#fddbc7", "#f4a582", "#d6604d", "#b2182b"],
  signedDark: [
    "#d1e5f0", "#92c5de", "#4393c3", "#2a5575", "#1d1f24", "#7d3a2f", "#d6604d", "#f4a582", "#fddbc7",
  ],
  light: ["#595959", "#ffffff"],
  amount: [
    "#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838",
  ],
};
const STEPS = 256;

/** @typedef {[number, number, number]} Rgb */

/** "#rrggbb" as [r, g, b]. @param {string} hex @returns {Rgb} */
export const parse = (hex) => /** @type {Rgb} */ ([1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)));

/** [r, g, b] as a CSS colour. @param {Rgb} colour */
export const cssOf = ([r, g, b], alpha = 1) => (alpha === 1 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${alpha})`);

function table(anchors) {
  const colours = anchors.map(parse);
  return Array.from({ length: STEPS }, (_, i) => {
    const at = (i / (STEPS - 1)) * (colours.length - 1);
    const low = Math.min(Math.floor(at), colours.length - 2);
    return colours[low].map((c, k) => Math.round(c + (colours[low + 1][k] - c) * (at - low)));
  });
}

/** name → 256 × [r, g, b] */
export const SCALES = Object.fromEntries(Object.entries(ANCHORS).map(([name, anchors]) => [name, table(anchors)]));

/** [r, g, b] of a value between low and high. @param {Scale} scale */
export function rgb(scale, value, low, high) {
  const at = high > low ? (value - low) / (high - low) : 0;
  return SCALES[scale][Math.max(0, Math.min(STEPS - 1, Math.round(at * (STEPS - 1))))];
}

/** The same as a CSS colour. */
export function css(scale, value, low, high, alpha = 1) {
  return cssOf(rgb(scale, value, low, high), alpha);
}

/** The scale of signed numbers whose zero is the ground: nothing must not be the brightest. @param {boolean} dark */
export const signedOn = (dark) => (dark ? "signedDark" : "signed");

/** A CSS gradient of the whole scale, for legends. */
export function gradient(scale) {
  return `linear-gradient(90deg, ${ANCHORS[scale].join(", ")})`;
}

/** Black or white, whichever is readable on a colour. */
export function inkOn([r, g, b]) {
  return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#000" : "#fff";
}

/** Distinct hues for windows, regions and heads (Okabe and Ito's eight, and indigo). */
export const HUES = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999", "#332288"];

export const ringRadius = (cell) => Math.max(1.5, cell * 0.2);

/** The mark of a token that is padding: a ring in its cell, light on dark, so that it shows on any colour. */
export function ring(context, x, y, cell) {
  context.beginPath();
  context.arc(x + cell / 2, y + cell / 2, ringRadius(cell), 0, 2 * Math.PI);
  for (const [colour, width] of [["rgba(0,0,0,.8)", 3.2], ["#fff", 1.6]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  }
}
/** The colours of the hatch. */
export const HATCH = { ground: "#777", stripe: "#ddd" };

let hatchTile = null;

/**
 * A hatch for what is not allowed or not real.
 * @param {CanvasRenderingContext2D} context @param {number} ratio of device pixels
 */
export function hatch(context, ratio = 1) {
  if (!hatchTile) {
    hatchTile = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
    const tile = hatchTile.getContext("2d");
    tile.fillStyle = HATCH.ground;
    tile.fillRect(0, 0, 8, 8);
    tile.strokeStyle = HATCH.stripe;
    tile.lineWidth = 2;
    tile.beginPath();
    for (const shift of [-8, 0, 8]) { tile.moveTo(shift, 8); tile.lineTo(shift + 8, 0); }
    tile.stroke();
  }
  const pattern = context.createPattern(hatchTile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(ratio));
  return pattern;
}
