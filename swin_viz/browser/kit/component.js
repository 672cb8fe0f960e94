/**
 * What every component shares: its life in Streamlit, what it tells the server, and one base class. A component says
 * what it is made of (`build`), what it takes from the server (`receive`) and what it draws (`draw`).
 */

import { AGAIN_MS, UNHEARD_MS } from "../wire/address.js";
import { el, isDark, keepingFocus, nextFrame, onOtherScreen, speaker } from "./dom.js";
import { GoneError, Loader } from "./loader.js";
import { Trace, unpack } from "./trace.js";

/** @typedef {import("./trace.js").Message} Message */
/** @typedef {(...names: string[]) => boolean} IsNew whether any of these parts of the header is another than before */
/** @typedef {Object} Streamlit what it hands over
 * @property {HTMLElement} parentElement @property {any} data
 * @property {(name: string, value: any) => void} setStateValue
 * @property {Record<string, string>} [bodies] parts that came along, base64, by name: in a page without a server
 */

const CALM_MS = 10_000; // without a loss, after which the next one is the first again

/** What of a header says that the arrays are others. */
export const CONTENT = ["digest", "arrays", "parts"];

/** @type {WeakMap<HTMLElement, {abort: AbortController, generation: number, view: Component}>} */
const instances = new WeakMap();

/**
 * Streamlit calls the default export for every new `data` and theme, and may run the clean-up of a superseded call
 * late: so one instance per parent element is kept, updated, and removed only when no call followed.
 * @param {Streamlit} component what Streamlit hands over
 * @param {new (root: HTMLElement, signal: AbortSignal) => Component} View
 * @returns {() => void} the clean-up
 */
export function mount(component, View) {
  const parent = component.parentElement;
  let instance = instances.get(parent);
  if (!instance) {
    const abort = new AbortController();
    const root = /** @type {HTMLElement} */ (parent.querySelector(".viz"));
    instance = { abort, generation: 0, view: new View(root, abort.signal) };
    instance.view.loader.bring(component.bodies ?? {});
    instances.set(parent, instance);
  }
  const { view, abort } = instance;
  const generation = ++instance.generation;
  view.update(component.data, (name, value) => component.setStateValue(name, value));
  return () => setTimeout(() => {
    if (instances.get(parent)?.generation !== generation) return;
    abort.abort();
    instances.delete(parent);
  }, 100);
}

/**
 * The base of all components. Whatever the visitor does makes the server answer with the whole message again, mostly
 * the same: only what is another than before is made anew, so that focus and place on the page stay.
 */
export class Component {
  /** @type {string[]} the header's parts that make another page of it: `build` is called again */
  static shape = ["words", "language"];

  /** @type {any} all that is no array; null until something came */
  header = null;
  /** @type {any} the arrays; null where plain data comes. @see Message */
  message = null;
  turn = 0; // how often something came
  vain = 0; // how often in a row a part was gone
  #askedIn = -1; // the turn in which the page was asked to run again
  #lostAt = -Infinity; // when that was last
  /** @type {any} the run, where the header has one. @see Trace */
  trace = null;
  /** @type {(key: string, fields?: Object) => string} */
  say = speaker({});
  /** @type {(name: string, value: any) => void} */
  send = () => {};

  /**
   * @param {HTMLElement} root @param {AbortSignal} signal aborted when the component goes
   * @param {string} channel what the server calls the settled state
   * @param {number} [wait] milliseconds until it is told
   */
  constructor(root, signal, channel = "state", wait = 500) {
    this.root = root;
    this.signal = signal;
    this.settler = settler(root, signal, (value) => this.send(channel, value), wait);
    this.schedule = nextFrame(() => this.frame());
    this.loader = new Loader(signal, (yes) => this.away(yes));
    new ResizeObserver(() => this.schedule()).observe(root);
    onOtherScreen(() => this.schedule(), signal);
    window.addEventListener("resize", () => this.schedule(), { signal }); // also where the root keeps its size
    window.addEventListener("beforeprint", () => this.frame(), { signal });
    signal.addEventListener("abort", () => root.replaceChildren());
  }

  /**
   * Take what the server sent.
   * @param {any} data a packed message, or a plain object @param {Component["send"]} send
   */
  update(data, send) {
    this.send = send;
    const message = data instanceof Uint8Array ? unpack(data) : null;
    const header = message ? message.header : data;
    const turn = ++this.turn; // an answer that was overtaken is dropped
    if (!this.header) this.say = speaker({ ...header.words, language: header.language }); // to say what goes wrong
    if (!header.parts) { this.take(header, message); return; }
    this.groups(header, this.needed(header)).then(() => {
      if (turn === this.turn) this.take(header, this.loader.message(header));
    }, (error) => this.lost(error));
  }

  /** The groups without which nothing can be drawn. @param {any} header @returns {string[]} */
  needed(header) { return header.now; }

  /** Wait for some groups of a header's parts. @param {any} header @param {string[]} groups @returns {Promise<any>} */
  groups(header, groups) { return Promise.all(groups.map((group) => this.loader.want(header.parts[group]))); }

  /** A part is gone from the server: the page runs again, and offers it anew. @param {Error} error */
  lost(error) {
    if (this.signal.aborted) return;
    if (!(error instanceof GoneError)) throw error;
    const { turn } = this;
    if (this.#askedIn === turn) return; // of several that are gone one is enough
    this.#askedIn = turn;
    if (performance.now() - this.#lostAt > CALM_MS) this.vain = 0;
    const wait = this.vain ? AGAIN_MS[Math.min(this.vain, AGAIN_MS.length) - 1] : 0;
    this.#lostAt = performance.now() + wait;
    this.vain++;
    setTimeout(() => this.send("again", Date.now()), wait);
    setTimeout(() => { // a server that was started anew knows no session of this page: the address has its choices
      if (turn === this.turn && !this.signal.aborted) location.reload();
    }, wait + UNHEARD_MS);
  }

  /** The network goes, or comes back. @param {boolean} yes */
  away(yes) {
    this.root.querySelector(".away")?.remove();
    if (yes) this.root.prepend(el("p", { class: "away", role: "status" }, this.say("away")));
  }

  /** Make what came the present. @param {any} header @param {any} message */
  take(header, message) {
    const before = this.header;
    const text = (found, name) => JSON.stringify(found[name]);
    /** @type {IsNew} */
    const isNew = (...names) => !before || names.some((name) => text(header, name) !== text(before, name));
    this.header = header;
    if (isNew("words", "language")) this.say = speaker({ ...header.words, language: header.language });
    if (isNew(...CONTENT)) this.message = message; // else the arrays are those that are here already
    if (isNew(...CONTENT, "run", "key")) this.trace = this.traceOf("run", "key");
    this.receive(isNew);
    if (isNew(...(/** @type {typeof Component} */ (this.constructor).shape))) this.rebuild();
    this.schedule();
  }

  /**
   * A run that came along, or null.
   * @param {string} name of its description @param {string} key of its name @param {string} [prefix] of its arrays
   */
  traceOf(name, key, prefix = "") {
    const { header, message } = this;
    return header[name] ? new Trace(message, header[name], prefix, header[key]) : null;
  }

  /** Fit the state to what came; before `build`. @param {IsNew} isNew */
  receive(isNew) { void isNew; }

  /** Fill the root. What is drawn again and again is left to `draw`. */
  build() {}

  /** Draw the state, at most once a frame. @param {boolean} dark */
  draw(dark) { void dark; }

  /** The page keeps its height until the next frame has drawn: else it would be scrolled up on the way. */
  rebuild() {
    this.root.lang = this.header.language;
    this.root.style.minHeight = `${this.root.offsetHeight}px`;
    keepingFocus(this.root, () => this.build());
  }

  frame() {
    if (!this.header) return;
    const dark = isDark(this.root);
    this.root.classList.toggle("dark", dark);
    this.root.dataset.theme = dark ? "dark" : "light";
    this.draw(dark);
    this.root.style.minHeight = "";
  }
}

const LEAVING_MS = 3000; // longer than a page takes to go

/**
 * Tells the server what the state has become when it has been still for a while, and only if it changed. Never once a
 * link was followed: Streamlit would take the message for one from the page before, and clear the one that opens.
 * @param {HTMLElement} root
 * @param {AbortSignal} signal
 * @param {(value: any) => void} send
 * @param {number} wait milliseconds
 */
export function settler(root, signal, send, wait = 500) {
  let timer = 0;
  let last = "";
  let leaving = -Infinity;
  const leave = () => { clearTimeout(timer); leaving = performance.now() + LEAVING_MS; };
  const watch = (event) => { if (event.composedPath().some((node) => node.href && !root.contains(node))) leave(); };
  for (const name of ["pointerdown", "click"]) window.addEventListener(name, watch, { capture: true, signal });
  window.addEventListener("popstate", leave, { signal });
  const tell = (value) => {
    const text = JSON.stringify(value);
    if (text !== last && performance.now() > leaving) { last = text; send(value); }
  };
  return {
    told(value) { last = JSON.stringify(value); },
    settle(value, after = wait) {
      clearTimeout(timer);
      if (after) timer = setTimeout(tell, after, value);
      else tell(value);
    },
  };
}
