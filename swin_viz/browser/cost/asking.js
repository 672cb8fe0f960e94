/** What is asked: a stage of a model on a picture. Which sizes follow, and the two lists to choose from. */

import { clamp } from "../kit/maths.js";
import { el } from "../kit/dom.js";

/** @typedef {import("./terms.js").Sizes} Sizes */
/** @typedef {{key: string, title: string, patch: number, window: number, channels: number[]}} Model */
/** @typedef {{key: string, sides: [number, number]}} Picture */
/** @typedef {{of: string, stage: number, px: string, unit: string}} Asked */
/** @typedef {{models: Model[], pictures: Picture[], limits: Record<string, [number, number]>}} Choices */

const OWN = "–"; // in a list: the sizes are the visitor's own

/** @param {Choices} choices @param {Asked} asked */
export const modelOf = ({ models }, { of }) => models.find(({ key }) => key === of);

/** @param {Choices} choices @param {Asked} asked */
export const pictureOf = ({ pictures }, { px }) => pictures.find(({ key }) => key === px);

/** The sizes of a stage's map: a patch is a token, and each stage halves the sides, rounded up. @returns {Sizes} */
export function sizesOf(/** @type {Choices} */ choices, /** @type {Asked} */ asked) {
  const { patch, window, channels } = modelOf(choices, asked);
  const side = (pixels) => {
    let tokens = Math.ceil(pixels / patch);
    for (let stage = 1; stage < asked.stage; stage++) tokens = Math.ceil(tokens / 2);
    return tokens;
  };
  const [h, w] = pictureOf(choices, asked).sides.map(side);
  const found = { h, w, c: channels[asked.stage - 1], m: window };
  return /** @type {Sizes} */ (Object.fromEntries(Object.entries(found).map(
    ([name, value]) => [name, clamp(value, ...choices.limits[name])])));
}

/** Whether the layer, and whether the map, is still what was asked. @param {Choices} choices @param {Asked} asked */
export function kept(choices, asked, /** @type {Sizes} */ at) {
  const { h, w, c, m } = sizesOf(choices, asked);
  return { layer: at.c === c && at.m === m, map: at.h === h && at.w === w };
}

/** Two lists: of stages, model by model, and of pictures. */
export class Asking {
  /**
   * @param {Choices} choices @param {(key: string, fields?: Object) => string} say
   * @param {(patch: Partial<Asked>) => void} choose
   */
  constructor(choices, say, choose) {
    this.choices = choices;
    this.say = say;
    const groups = choices.models.map((model) => el("optgroup", { label: model.title }, ...this.stages(model)));
    this.layer = el("select", { id: "ask-layer", onchange: () => choose(this.layerChosen()) },
      el("option", { value: OWN, hidden: true }, say("own_layer")), ...groups);
    this.map = el("select", { id: "ask-map", onchange: () => choose({ px: this.map.value }) },
      el("option", { value: OWN, hidden: true }, say("own_map")), ...choices.pictures.map((each) => (
        el("option", { value: each.key }, this.titleOf(each)))));
    this.nodes = [
      el("label", {}, el("span", {}, say("ask_layer")), this.layer),
      el("label", {}, el("span", {}, say("ask_map")), this.map)];
  }

  /** @param {Model} model */
  stages(model) {
    return model.channels.map((c, i) => el("option", { value: `${model.key}.${i + 1}` },
      this.say("ask_stage", { model: model.title, stage: i + 1, c, m: model.window })));
  }

  /** @param {Picture} picture */
  titleOf({ key, sides: [height, width] }) {
    return this.say(key === "picture" ? "ask_picture" : "ask_other", { height, width });
  }

  layerChosen() {
    const cut = this.layer.value.lastIndexOf(".");
    return { of: this.layer.value.slice(0, cut), stage: Number(this.layer.value.slice(cut + 1)) };
  }

  /** Show in both lists what holds. @param {Asked} asked @param {Sizes} at */
  show(asked, at) {
    const { layer, map } = kept(this.choices, asked, at);
    this.layer.value = layer ? `${asked.of}.${asked.stage}` : OWN;
    this.map.value = map ? asked.px : OWN;
  }

  /** What the numbers are about, in words: model, stage, picture; where the sizes are the visitor's own, that. */
  about(/** @type {Asked} */ asked, /** @type {Sizes} */ at) {
    const { layer, map } = kept(this.choices, asked, at);
    const { title } = modelOf(this.choices, asked);
    const [height, width] = pictureOf(this.choices, asked).sides;
    if (layer && map) return this.say("stage_on", { model: title, stage: asked.stage, height, width });
    if (layer) return this.say("stage_of", { model: title, stage: asked.stage });
    return map ? this.say("stage_map", { model: title, stage: asked.stage, height, width }) : this.say("sizes_own");
  }

  /** The same for the name of a file. */
  slug(/** @type {Asked} */ asked, /** @type {Sizes} */ at) {
    const { layer, map } = kept(this.choices, asked, at);
    const parts = [layer || map ? `${asked.of}-stage${asked.stage}` : "own", `${at.h}x${at.w}`, `C${at.c}`, `M${at.m}`];
    return ["swin_viz-msa", ...parts].join("-");
  }
}
