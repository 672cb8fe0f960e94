/** How the stage fills the screen: in columns, and its pictures as large as they go with tokens of whole pixels. */

/** @typedef {"wide"|"middle"|"narrow"} Room three columns, two, or one (a phone) */
/** @typedef {import("../../kit/trace.js").Block} Block */

const [WIDE, MIDDLE] = [1080, 700]; // CSS pixels from which a room is that
const ABOVE = 160; // the head line, the strip, a ruler, the legend
const BESIDE = { wide: 612, middle: 316, narrow: 20 }; // rulers, toolbar, read-out, rail
const COMPARED = { wide: 392, middle: 76, narrow: 20 }; // the same, without a read-out
const [LEAST, SAID, LOSS] = [224, 108, 0.8]; // px; below two pictures that are compared; what whole pixels may cost

/** @param {number} width of the component @returns {Room} */
export const roomOf = (width) => (width >= WIDE ? "wide" : width >= MIDDLE ? "middle" : "narrow");

/**
 * What room there is for one picture: [width, height].
 * @param {Room} room @param {number} width of the component @param {number} tall of the browser's window
 * @param {boolean} comparing
 */
export function spaceFor(room, width, tall, comparing) {
  const beside = comparing && room !== "narrow";
  const across = beside ? (width - COMPARED[room]) / 2 : width - BESIDE[room];
  return [across, Math.max(LEAST, tall - ABOVE - (beside ? SAID : 0))];
}

/**
 * The side of a block's tokens where they fill the room: whole device pixels, unless that costs too much of it.
 * @param {Block} block @param {number[]} space @param {number} ratio
 */
function ownSide({ padded: [rows, columns] }, [width, height], ratio) {
  const side = ratio * Math.min(width / columns, height / rows);
  const whole = Math.floor(side + 1e-9);
  return (whole >= LOSS * side ? whole : side) / ratio;
}

/**
 * The side of a block's tokens in CSS pixels. The picture keeps the first block's size, so that it stays where it is
 * from block to block; only a block whose padding needs more room has its own.
 * @param {Block[]} blocks of the run @param {Block} block @param {number[]} space width and height
 * @param {number} ratio of device pixels
 */
export function sideFor([first], block, space, ratio) {
  const side = (ownSide(first, space, ratio) * block.pixels) / first.pixels;
  const [rows, columns] = block.padded;
  return side * columns > space[0] || side * rows > space[1] ? ownSide(block, space, ratio) : side;
}
