/** How cells come from one step to the next: straight, or over the map's edges as the roll takes them. */

const ease = (t) => (t < 0.5 ? 2 * t * t : 1 - (2 - 2 * t) ** 2 / 2);

export const MOVE_MS = 650;
export const ROLL_MS = 900;

/** @param {number} from @param {number} now milliseconds @param {number} length */
export const eased = (from, now, length) => ease(Math.min(1, (now - from) / length));

/** The box around all seats that are shown, [left, top, right, bottom]. @param {Float32Array} seats */
export function boxOf(seats) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < seats.length; i += 4) {
    if (Number.isNaN(seats[i + 1])) continue;
    const [x, y, width, height] = seats.subarray(i, i + 4);
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x + width);
    box[3] = Math.max(box[3], y + height);
  }
  return box;
}

/** The shorter way round a map that is closed upon itself. @param {number} way @param {number} around */
export const shorter = (way, around) => (way > around / 2 ? way - around : way < -around / 2 ? way + around : way);

/**
 * Where a cell is on its way, as [x, y, width, height]; in a roll twice, where it crosses an edge of `box`.
 * @param {ArrayLike<number>} was @param {ArrayLike<number>} is @param {number} part
 * @param {number[]|null} box of a roll
 * @returns {number[][]}
 */
export function onTheWay(was, is, part, box) {
  const at = [0, 1, 2, 3].map((k) => was[k] + (is[k] - was[k]) * part);
  if (!box) return [at];
  const around = [box[2] - box[0], box[3] - box[1]];
  const places = around.map((length, k) => {
    const place = is[k] - shorter(is[k] - was[k], length) * (1 - part);
    const low = place < box[k] ? place + length : place + at[k + 2] > box[k + 2] ? place - length : NaN;
    return Number.isNaN(low) ? [place] : [place, low];
  });
  return places[0].flatMap((x) => places[1].map((y) => [x, y, at[2], at[3]]));
}
