/** The Attention page's picture to take away: one, or the two that are compared, with scale, caption and name. */

import { sheet } from "../kit/export.js";
import { photoSvg } from "../kit/photo/photosvg.js";

/** @typedef {import("./panel.js").Panel} Panel */
/** @typedef {import("./state.js").State} State */
/** @typedef {(key: string, fields?: Object) => string} Say */

/** @param {Panel[]} panels that are shown @param {State} state @param {Say} say */
export function panelSheet(panels, state, say) {
  const labelOf = ({ about, title }) => [about.textContent, title].filter(Boolean).join(" · ");
  const unitOf = ({ shown }) => (state.layer === "attention" ? `${say("scope")} ${shown.unit}` : shown.unit);
  return sheet(panels.map((panel) => ({
    label: panels.length > 1 ? labelOf(panel) : "",
    canvas: panel.canvas,
    vector: () => photoSvg(panel.view),
    legend: { ...panel.shown, unit: unitOf(panel) },
  })));
}

/**
 * Picture, model, block, head, query, layer, switches, what it is compared with: in the words of attention/shown.py;
 * then what is read off.
 * @param {Panel[]} panels @param {State} state @param {Say} say @param {{caption: string, other_title: string}} header
 */
export function captionOf(panels, state, say, header) {
  const placeName = (panel) => {
    const [row, column] = panel.query(state);
    return `${panel.title} · ${say("caption_query", { row, column })}`;
  };
  const joined = (...parts) => parts.filter(Boolean).join(" · ");
  const compared = (panel) => say("caption_with", { other: joined(header.other_title, placeName(panel)) });
  const switches = ["rolled", "wrong"].filter((name) => state[name]).map((name) => say(name));
  const [first, ...others] = panels;
  const shown = [header.caption, placeName(first), say(`layer_${state.layer}`), ...switches, ...others.map(compared)];
  return joined(...shown, ...panels.map(({ line }) => line));
}

/** As attention/shown.py names the files of numbers. @param {Panel[]} panels @param {State} state */
export function fileName(panels, { layer }) {
  const name = ({ block, head }) => `${block.name}-${head === "mean" ? head : `head${head + 1}`}`;
  const [first, ...others] = panels.map(name);
  return ["swin_viz", first, layer, ...others.map((other) => `with-${other}`)].join("-");
}
