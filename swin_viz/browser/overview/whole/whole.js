/**
 * The Overview below its opening: the network as one row, votes, the lens, patches and pairs, a stage's code, rulers.
 * Every section fetches its own parts when it is looked at, and draws what it has; nothing here asks the server.
 */

import { Component, mount } from "../../kit/component.js";
import { el, isDark, nextFrame } from "../../kit/dom.js";
import { picture } from "../../lesson/parts/picture.js";
import { Lens } from "./lens.js";
import { Row } from "./row.js";
import { Rulers } from "./rulers.js";
import { Sides } from "./sides.js";
import { StageCode } from "./stage.js";
import { Votes } from "./votes.js";

/**
 * @typedef {Object} Section one of them: a heading, a sentence, and what is drawn
 * @property {HTMLElement} node @property {() => string[]} groups that it needs now
 * @property {(dark: boolean) => void} draw with all of them here
 */

const NEAR = "400px"; // of the screen's edge: then a section is looked at
const SECTIONS = [Row, Votes, Lens, Sides, StageCode, Rulers];

export class Whole extends Component {
  static shape = ["words", "language", "told", "links", "screens", "key", "model", "no_lens", "foreign"];

  live = el("div", { class: "live", "aria-live": "polite" });
  /** @type {Record<string, string>} what is chosen, by key of the address */ state = null;
  first = ""; // what the server said
  sent = ""; // what it was told
  /** @type {Section[]} */ sections = [];
  /** @type {Set<Element>} */ seen = new Set();
  /** @type {Set<string>} parts on their way */ coming = new Set();
  /** @type {HTMLCanvasElement|null} */ image = null;
  /** @type {Record<string, any>} what came as text */ texts = {};
  saying = 0;
  /** @type {Set<Section>} */ due = new Set();
  drawDue = nextFrame(() => {
    for (const section of this.due) this.drawOne(section, isDark(this.root));
    this.due.clear();
  });

  constructor(root, signal) {
    super(root, signal, "whole", 350);
    this.looking = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) if (isIntersecting) this.seen.add(target);
      this.schedule();
    }, { rootMargin: NEAR });
    signal.addEventListener("abort", () => this.looking.disconnect());
  }

  update(data, send) {
    super.update(data, (name, value) => {
      if (name === "whole") this.sent = JSON.stringify(value);
      send(name, value);
    });
  }

  receive(isNew) {
    const first = JSON.stringify({ ...this.header.state, of: this.header.of });
    if (first !== this.first && first !== this.sent) { // an address or another model, not the echo of a choice
      this.state = { ...this.header.state };
      this.settler.told(this.settled);
    }
    this.first = first;
    if (isNew("key")) this.image = null;
    if (isNew("parts")) this.texts = {};
  }

  /** What the server is told: the choices, and of which model. */
  get settled() { return { ...this.state, of: this.header.of }; }

  get told() { return this.header.told; }

  build() {
    this.looking.disconnect();
    const heights = this.sections.map(({ node }) => node.offsetHeight); // kept until there is something to draw
    this.sections = SECTIONS.map((Each) => new Each(this));
    heights.forEach((height, i) => { this.sections[i].node.style.minHeight = `${height}px`; });
    this.root.replaceChildren(...this.sections.map(({ node }) => node), this.live);
    this.seen.clear();
    for (const { node } of this.sections) this.looking.observe(node);
  }

  /** Another choice. @param {Record<string, string>} patch */
  set(patch) {
    this.state = { ...this.state, ...patch };
    this.settler.settle(this.settled);
    this.schedule();
  }

  draw(dark) { for (const section of this.sections) this.drawOne(section, dark); }

  /** @param {Section} section @param {boolean} dark */
  drawOne(section, dark) {
    if (!this.seen.has(section.node) || !this.have(section.groups())) return;
    section.draw(dark);
    section.node.style.minHeight = "";
  }

  /** Draw one section alone in the next frame: the others are as they were. @param {Section} section */
  redraw(section) {
    this.due.add(section);
    this.drawDue();
  }

  /** Whether these groups are here; those that are not are asked for. @param {string[]} groups */
  have(groups) {
    const missing = groups.filter((group) => !this.loader.now(this.header.parts[group]));
    const asked = missing.filter((group) => !this.coming.has(this.header.parts[group]));
    for (const group of asked) {
      const name = this.header.parts[group];
      this.coming.add(name);
      this.groups(this.header, [group]).then(() => this.schedule(), (error) => this.lost(error))
        .finally(() => this.coming.delete(name));
    }
    return !missing.length;
  }

  /** The picture as the model sees it. @returns {HTMLCanvasElement} */
  photo() {
    const [height, width] = this.told.size;
    const pixels = this.message.get("image");
    this.image ??= picture(height, width, (i) => pixels.subarray(3 * i, 3 * i + 3));
    return this.image;
  }

  /** What a part has as text. @param {string} name */
  text(name) {
    this.texts[name] ??= JSON.parse(new TextDecoder().decode(this.message.get(name)));
    return this.texts[name];
  }

  /** A class by its number. @param {number} number @returns {string} */
  className(number) { return this.text("names")[number] ?? this.say("votes_number", { number }); }

  /** Say a sentence to those who listen, when the hand rests. @param {string} sentence */
  speak(sentence) {
    clearTimeout(this.saying);
    this.saying = window.setTimeout(() => { this.live.textContent = sentence; }, 400);
  }

  /** A sentence in its place, spoken if it is another than before. @param {HTMLElement} node @param {string} text */
  write(node, text) {
    if (node.textContent === text) return;
    if (node.textContent) this.speak(text);
    node.textContent = text;
  }

  /** A section's frame. @param {string} name @param {...(Node|string|null)} inside */
  section(name, ...inside) {
    const [title, lead] = [`${name}_title`, `${name}_lead`].map((key) => this.say(key));
    return el("section", { class: `whole-part ${name}`, "aria-label": title },
      el("h2", { tabindex: -1 }, title), el("p", { class: "lead" }, lead), ...inside);
  }

  /** A link to a screen of this app, without a reload. @param {string} screen @param {...(Node|string)} inside */
  link(screen, ...inside) {
    const link = el("a", { href: screen }, ...inside);
    link.addEventListener("click", (event) => {
      const own = [...document.querySelectorAll(".st-key-whole_links a")]
        .find((each) => /** @type {HTMLAnchorElement} */ (each).pathname.endsWith(`/${screen}`));
      if (!own || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      /** @type {HTMLElement} */ (own).click();
    });
    return link;
  }
}

export default function whole(component) { return mount(component, Whole); }
