/** The network from left to right: of every node its real features, shape and parameters, and its work as a bar. */

import { rgb, signedOn } from "../../kit/colour.js";
import { decimal, el, percent, sized, weightText } from "../../kit/dom.js";
import { largest } from "../../kit/maths.js";
import { exact, short } from "../../cost/terms.js";
import { axedShape, reachable } from "../../lesson/parts/axes.js";
import { picture } from "../../lesson/parts/picture.js";
import { Radios } from "./radios.js";

/**
 * @typedef {Object} Node of lessons/overview/row.py
 * @property {string} kind @property {number[]} shape @property {number} parameters @property {number} macs
 * @property {number|null} stage @property {number[]} blocks @property {number} window
 */

const SIDE = 68; // of a node's picture
const NAMED = 3; // classes
const TO_VOTES = ["mean", "head", "classes"];

export class Row {
  shown = "";

  /** @param {import("./whole.js").Whole} whole */
  constructor(whole) {
    this.whole = whole;
    const { say } = whole;
    const names = { own: say("row_own", { model: whole.header.model }) };
    for (const name of ["swin_t", "swin_s", "swin_b", "swin_l"]) names[name] = say(`row_${name}`);
    this.models = new Radios(say("row_model"), names, whole.state.row_of, (row_of) => whole.set({ row_of }));
    this.line = el("p", { class: "row-line" });
    this.list = el("ol", { class: "row-nodes", "aria-label": say("row_title") });
    this.total = el("p", { class: "row-total" });
    this.node = whole.section("row", this.models.node, this.list, this.line, this.total);
  }

  groups() { return ["rows", ...(this.own ? ["row", "image", ...(this.whole.told.classes ? ["names"] : [])] : [])]; }

  get own() { return this.whole.state.row_of === "own"; }

  /** @returns {Node[]} */
  get nodes() { return this.whole.text("rows")[this.whole.state.row_of]; }

  draw(dark) {
    const { state, header } = this.whole;
    this.models.show(state.row_of);
    const shown = [state.row_of, header.key, header.language, dark].join();
    if (shown !== this.shown) this.fill(dark);
    this.shown = shown;
    reachable(this.list);
  }

  fill(dark) {
    const { nodes, whole } = this;
    const most = largest(nodes.map(({ macs }) => macs), 1);
    const items = nodes.map((node, i) => this.item(node, i, most, dark));
    if (whole.told.classes || !this.own) items.push(this.classes());
    this.list.replaceChildren(...items);
    const sum = (key) => nodes.reduce((total, node) => total + node[key], 0);
    const [height, width] = whole.told.size;
    const numbers = { parameters: exact(sum("parameters")), macs: exact(sum("macs")), height, width };
    this.total.textContent = whole.say(this.own ? "row_total" : "row_total_other", numbers);
    this.tell(null);
    this.node.drawn = { nodes, parameters: sum("parameters"), macs: sum("macs") };
  }

  /** @param {Node} node @param {number} i @param {number} most multiply-adds of a node @param {boolean} dark */
  item(node, i, most, dark) {
    const { say } = this.whole;
    const axes = node.shape.length === 3 ? ["H", "W", "C"] : [node.kind === "mean" ? "C" : ""];
    const cost = el("span", { class: "work" }, el("i", { style: `width:${(100 * node.macs) / most}%` }));
    const inside = [this.picture(node, i, dark), el("b", {}, this.name(node)),
      el("span", { class: "shape" }, ...axedShape(node.shape.join("×"), axes)),
      el("small", {}, say("row_parameters", { number: short(node.parameters) })), cost,
      el("small", {}, say("row_macs", { number: short(node.macs) }))];
    const item = el("li", { "data-kind": node.kind }, this.lead(node, inside));
    for (const type of ["pointerenter", "focusin"]) item.addEventListener(type, () => this.tell(node));
    return item;
  }

  /** What a node leads to: the screen that explains it, or the votes. @param {Node} node @param {Element[]} inside */
  lead(node, inside) {
    const { header, sections, say } = this.whole;
    const screen = header.links[node.kind];
    if (screen) {
      const link = this.whole.link(screen, ...inside);
      link.title = say("row_leads", { screen: header.screens[screen] });
      return link;
    }
    const counted = this.own && this.whole.told.classes && TO_VOTES.includes(node.kind);
    if (!counted) return el("div", { tabindex: "0" }, ...inside);
    const there = () => sections.find((each) => each.node.classList.contains("votes")).node;
    const go = () => {
      there().scrollIntoView();
      /** @type {HTMLElement} */ (there().querySelector("h2")).focus({ preventScroll: true });
    };
    return el("button", { type: "button", title: say("row_leads", { screen: say("votes_title") }), onclick: go },
      ...inside);
  }

  /** @param {Node} node */
  name(node) {
    const { say } = this.whole;
    if (node.kind !== "pair") return say(`row_${node.kind}`);
    const places = node.blocks.map((block) => `${node.stage + 1}.${block + 1}`);
    return say(places.length > 1 ? "row_pair" : "row_single", { first: places[0], last: places.at(-1) });
  }

  /** The sentence of the node that is pointed at, with its exact numbers. @param {Node|null} node */
  tell(node) {
    const { say } = this.whole;
    if (!node) { this.line.textContent = say(this.own ? "row_hint" : "row_no_features"); return; }
    const sum = this.nodes.reduce((total, each) => total + each.macs, 0);
    const numbers = { parameters: exact(node.parameters), macs: exact(node.macs), share: percent(node.macs / sum) };
    const about = say(`row_about_${node.kind}`, { window: node.window });
    const sentence = say("row_node", { name: this.name(node), shape: node.shape.join("×"), about, ...numbers });
    this.line.textContent = sentence;
    this.whole.speak(sentence);
  }

  /** @param {Node} node @param {number} i @param {boolean} dark */
  picture(node, i, dark) {
    const { message } = this.whole;
    if (!this.own) return this.box(node);
    if (node.kind === "image") return contained(this.whole.photo(), true);
    const values = message.get(`row.${i}`);
    if (node.kind === "mean" || node.kind === "head") return numbersOf(values, dark);
    const [rows, columns] = message.shape(`row.${i}`);
    return contained(picture(rows, columns, (token) => values.subarray(3 * token, 3 * token + 3)), false);
  }

  /** Of a network that does not run here, the map's size alone. @param {Node} node */
  box(node) {
    const [height, width] = this.whole.told.size;
    const side = node.shape.length === 3 ? node.shape.slice(0, 2) : [0, 0];
    const scale = SIDE / Math.max(height, width) * (node.kind === "image" ? 1 : 4);
    const [h, w] = side.map((each) => Math.max(3, Math.min(SIDE, each * scale)));
    return el("span", { class: "thumb" }, el("i", { class: "box", style: `width:${w}px;height:${h}px` }));
  }

  /** The last node: what the classes' logits mean. */
  classes() {
    const { say, told, header } = this.whole;
    const count = this.nodes.at(-1).shape[0];
    const named = this.own && !header.foreign ? told.top.slice(0, NAMED) : [];
    const lines = named.map(([number, share]) => (
      el("span", { class: "class" }, el("span", {}, this.whole.className(number)), el("b", {}, weightText(share)))));
    const inside = [el("span", { class: "thumb answers" }, ...lines), el("b", {}, say("row_classes")),
      el("span", { class: "shape" }, exact(count)), el("small", {}, "softmax")];
    const node = { kind: "classes", shape: [count], parameters: 0, macs: 0, stage: null, blocks: [], window: 0 };
    return el("li", { "data-kind": "classes" }, this.lead(node, inside));
  }
}

/** A picture in a node's square, its proportions kept. @param {HTMLCanvasElement} image @param {boolean} smooth */
function contained(image, smooth) {
  const canvas = el("canvas", { class: "thumb", "aria-hidden": "true" });
  const unit = SIDE / Math.max(image.width, image.height);
  const [width, height] = [image.width * unit, image.height * unit];
  const context = sized(canvas, SIDE, SIDE);
  context.imageSmoothingEnabled = smooth;
  context.drawImage(image, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
  canvas.drawn = { width, height };
  return canvas;
}

/** Numbers without a place in the picture, a cell each. @param {Float32Array} values @param {boolean} dark */
function numbersOf(values, dark) {
  const columns = Math.ceil(Math.sqrt(values.length));
  const most = largest(values.map(Math.abs), 1e-9);
  const scale = signedOn(dark);
  const image = picture(Math.ceil(values.length / columns), columns, (i) => (
    rgb(scale, i < values.length ? values[i] : 0, -most, most)));
  const canvas = contained(image, false);
  canvas.title = `± ${decimal(most, 2)}`;
  return canvas;
}
