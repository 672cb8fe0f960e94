/** Which number of a step is a sum of products, and of what: two vectors of the run. */

import { largest } from "../../kit/maths.js";

export const SUMS = ["project", "raw", "z"]; // the steps that have such numbers

/**
 * @param {string} step @param {import("./vectors.js").At & {channel: number}} at
 * @param {import("../values.js").Values} values @param {import("../pairmath.js").Stages} stages
 * @param {(key: string, fields?: Object) => string} say
 * @returns {import("./cell.js").Sum}
 */
export function sumOf(step, { place, slot, head, key, channel }, values, stages, say) {
  const { N } = values.block;
  const token = (at) => `(${values.block.at(place, at).join(", ")})`;
  const facts = { channel, head: head + 1, query: token(slot) };
  if (step === "raw") {
    const shares = Array.from(stages.probs.subarray(slot * N, (slot + 1) * N));
    const other = key ?? shares.indexOf(largest(shares)); // the strongest, while none is chosen
    const row = (name, of) => values.row(`attn.${name}`, place, head, of);
    const about = say("cell_raw", { ...facts, key: token(other) });
    return { names: ["q", "k", "q·k"], a: row("q", slot), b: row("k", other), bias: 0, about, channels: 0 };
  }
  if (step === "z") {
    const column = Float32Array.from({ length: N }, (_, k) => values.row("attn.v", place, head, k)[channel]);
    const weights = stages.probs.subarray(slot * N, (slot + 1) * N);
    const about = say("cell_z", { ...facts, N });
    return { names: ["p", "v", `z${low(channel)}`], a: weights, b: column, bias: 0, about, channels: values.d };
  }
  const { C, d, message } = values;
  const weights = message.get(`weight.${head}`).subarray(channel * C, (channel + 1) * C);
  const about = say("cell_project", { ...facts, C });
  const bias = message.get(`weight.bias.${head}`)[channel];
  const x = values.token("windows", place, slot);
  return { names: ["x", "W", `q${low(channel)}`], a: x, b: weights, bias, about, channels: d };
}

/** A number as an index below the line. @param {number} number */
const low = (number) => String(number).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);
