/** Small helpers on the document, and the words of the interface. */

import { clamp } from "./maths.js";

const SVG_TAGS = new Set([
  "svg", "g", "path", "circle", "line", "rect", "text", "title", "polyline", "pattern", "defs", "image", "tspan",
  "linearGradient", "stop",
]);

/**
 * @typedef {keyof HTMLElementTagNameMap} Html
 * @typedef {keyof SVGElementTagNameMap} Svg
 */
/**
 * @template {Html|Svg} Tag
 * @typedef {Tag extends Html ? HTMLElementTagNameMap[Tag] : Tag extends Svg ? SVGElementTagNameMap[Tag] : never} Made
 */

/**
 * Make an element: `el("button", {class: "head", onclick: f, "aria-pressed": true}, "text", child)`.
 * @template {Html|Svg} Tag
 * @param {Tag} tag @param {Record<string, any>} attributes @param {...(Node|string|null|undefined)} children
 * @returns {Made<Tag>}
 */
export function el(tag, attributes = {}, ...children) {
  const space = SVG_TAGS.has(tag) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
  const node = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return /** @type {any} */ (node);
}

/** Fill the {fields} of a text. @param {string} text @param {Object} fields */
export function fill(text, fields) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in fields ? String(fields[name]) : whole));
}

/** The words of a room: `say("line", {row: 3})`. A missing key shows itself. @param {Object<string, string>} words */
export const speaker = (words) => (/** @type {string} */ key, fields = {}) => fill(words[key] ?? `⟨${key}⟩`, fields);

/** A share as people read it. */
export const percent = (share) => `${(share * 100).toFixed(share < 0.0995 ? 2 : 1)} %`;

/** A text of numbers with the one minus sign. @param {string} text */
export const minus = (text) => text.replaceAll("-", "−");

/** @param {number} value @param {number} [digits] after the point */
export const decimal = (value, digits = 3) => minus(value.toFixed(digits));

/** An attention weight: what is there, but too little to be read, is not called nothing. @param {number} weight */
export const weightText = (weight) => (weight < 5e-5 ? "< 0.01 %" : percent(weight));

/** A canvas whose pixels are the screen's. @returns {CanvasRenderingContext2D} in CSS pixels */
export function sized(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** Where an arrow key goes, in rows and columns. */
export const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * Arrow keys, Home and End in a group of buttons of which one is chosen, as in WAI-ARIA's radio group.
 * @param {HTMLElement} node the group @param {() => HTMLElement[]} buttons @param {(index: number) => void} choose
 */
export function roving(node, buttons, choose) {
  node.addEventListener("keydown", (event) => {
    const all = buttons();
    const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
    const [before, after] = [at - 1, at + 1];
    const arrows = { ArrowRight: after, ArrowDown: after, ArrowLeft: before, ArrowUp: before };
    const to = { ...arrows, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = clamp(to, 0, all.length - 1);
    choose(next);
    all[next].focus();
  });
}

/**
 * The child indices that lead from a node to one inside it.
 * @param {Element} root @param {Element} node @returns {number[]}
 */
function path(root, node) {
  const parent = node.parentElement;
  return node === root || !parent ? [] : [...path(root, parent), [...parent.children].indexOf(node)];
}

/**
 * Change what stands in a node; the focus stays on the same element, or goes to the one in its place.
 * @param {HTMLElement} root @param {() => void} change
 */
export function keepingFocus(root, change) {
  const { activeElement: focused } = /** @type {Document|ShadowRoot} */ (root.getRootNode());
  const places = focused && focused !== root && root.contains(focused) ? path(root, focused) : [];
  change();
  if (!places.length) return;
  /** @type {Element|undefined} */ let found = root; // where fewer are left, the last of them
  for (const place of places) found = found?.children[Math.min(place, found.children.length - 1)];
  /** @type {HTMLElement|undefined} */ (root.contains(focused) ? focused : found)?.focus({ preventScroll: true });
}

/** A function that draws once in the next frame, however often it is called until then. @param {() => void} draw */
export function nextFrame(draw) {
  let frame = 0;
  return () => { frame ||= requestAnimationFrame(() => { frame = 0; draw(); }); };
}

/**
 * Call when a pixel of the page becomes another number of the screen's: a window is dragged to a projector, or zoomed.
 * @param {() => void} call @param {AbortSignal} signal
 */
export function onOtherScreen(call, signal) {
  const changed = () => { if (!signal.aborted) { call(); onOtherScreen(call, signal); } };
  matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", changed, { once: true });
}

const darkness = new Map(); // background colour → dark or not

/** Whether the page is dark, from Streamlit's own colours. @param {Element} node */
export function isDark(node) {
  const colour = getComputedStyle(node).getPropertyValue("--st-background-color").trim();
  if (!darkness.has(colour)) {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
    const probe = canvas.getContext("2d", { willReadFrequently: true });
    probe.fillStyle = colour || "#fff";
    probe.fillRect(0, 0, 1, 1);
    const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
    darkness.set(colour, 0.299 * r + 0.587 * g + 0.114 * b < 128);
  }
  return darkness.get(colour);
}

/** Hand a file to the visitor. */
export function offer(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** How much larger type is while the stage is presented. @param {Element} node */
export const zoomOf = (node) => Number(getComputedStyle(node).getPropertyValue("--zoom")) || 1;
