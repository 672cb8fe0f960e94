/** Three rulers on one picture, pixel, token and window, at a chosen stage; beside it the only one that a ViT has. */

import { el, sized } from "../../kit/dom.js";
import { exact } from "../../cost/terms.js";
import { Radios, stagesOf } from "./radios.js";
import { lines } from "./sides.js";
import { kept } from "./tokenmap.js";

const MOST = 392; // pixels of a picture
const BARS = ["pixel", "token", "window"];

export class Rulers {
  /** @param {import("./whole.js").Whole} whole */
  constructor(whole) {
    this.whole = whole;
    const { say, told } = whole;
    this.stages = new Radios(say("stage_stage"), stagesOf(whole), whole.state.rulers_stage,
      (rulers_stage) => whole.set({ rulers_stage }));
    this.swin = el("canvas", { class: "plain", style: kept(told.size) }); // an image once it is drawn, and has a name
    this.vit = el("canvas", { class: "plain", role: "img", style: kept(told.size) });
    this.caption = el("figcaption", {});
    this.bars = el("dl", { class: "bars" });
    const cost = { ...told.vit, tokens: exact(told.vit.tokens), pairs: exact(told.vit.tokens ** 2) };
    this.vit.setAttribute("aria-label", say("vit_picture", cost));
    const figures = [el("figure", { class: "canvas" }, this.caption, this.swin, this.bars),
      el("figure", { class: "canvas" }, el("figcaption", {}, say("vit_caption", cost)), this.vit,
        el("p", { class: "note" }, say("vit_note", cost)))];
    this.node = whole.section("rulers", this.stages.node, el("div", { class: "pictures" }, ...figures));
  }

  groups() { return ["image"]; }

  draw() {
    const { told, say, state } = this.whole;
    this.stages.show(state.rulers_stage);
    const at = told.stages[Number(state.rulers_stage) - 1];
    const [tokens, windows] = [exact(at.rows * at.columns), exact(at.windows)];
    this.whole.write(this.caption, say("rulers_caption", { ...at, stage: state.rulers_stage, tokens, windows }));
    this.swin.setAttribute("role", "img");
    this.swin.setAttribute("aria-label", this.caption.textContent);
    const unit = this.paint(this.swin, at.pixels, at.window);
    this.paint(this.vit, told.vit.patch, 0);
    this.measure(at, unit);
    this.node.drawn = { ...at, unit, vit: told.vit };
  }

  /** The picture with its tokens' grid and its windows'. @returns {number} CSS pixels of one of its own */
  paint(canvas, token, window) {
    const photo = this.whole.photo();
    const room = Math.min(MOST, canvas.parentElement.clientWidth || MOST);
    const unit = Math.min(room / photo.width, MOST / photo.height);
    const [width, height] = [photo.width * unit, photo.height * unit];
    const context = sized(canvas, width, height);
    context.drawImage(photo, 0, 0, width, height);
    lines(context, width, height, token * unit, "rgba(255,255,255,.7)", 1);
    if (!window) return unit;
    lines(context, width, height, window * unit, "#000", 4);
    lines(context, width, height, window * unit, "#fff", 2);
    context.strokeStyle = "#ff3b30"; // the first token, and the window that it is in
    context.lineWidth = 3;
    context.strokeRect(1.5, 1.5, token * unit, token * unit);
    context.strokeStyle = "#00b8ff";
    context.strokeRect(1.5, 1.5, Math.min(window * unit, width) - 3, Math.min(window * unit, height) - 3);
    return unit;
  }

  /** The three lengths under the picture, on its own scale. */
  measure(at, unit) {
    const { say, told: { size } } = this.whole;
    const lengths = { pixel: 1, token: at.pixels, window: at.window };
    this.bars.replaceChildren(...BARS.flatMap((name) => {
      const beyond = lengths[name] > Math.min(...size);
      const text = say(`rulers_${name}`, { length: lengths[name], m: at.m });
      return [el("dt", { class: name }, el("i", { style: `width:${Math.min(lengths[name] * unit, MOST)}px` })),
        el("dd", {}, text, beyond ? ` ${say("rulers_beyond")}` : "")];
    }));
  }
}
