/** Small helpers on the document, and the words of the interface. */

/** Make an element: `el("button", {class: "head", onclick: f, "aria-pressed": true}, "text", child)`. */
export function el(tag, attributes = {}, ...children) {
  const svg = ["svg", "g", "path", "circle", "line", "rect", "text", "title", "polyline", "pattern", "defs", "image", "tspan", "linearGradient", "stop"].includes(tag);
  const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Fill the {fields} of a text. @param {string} text @param {Object} fields */
export function fill(text, fields) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in fields ? String(fields[name]) : whole));
}

/** The words of a room: `say("line", {row: 3})`. A missing key shows itself. @param {Object<string, string>} words */
export const speaker = (words) => (key, fields = {}) => fill(words[key] ?? `⟨${key}⟩`, fields);

/** A share as people read it. */
export const percent = (share) => `${(share * 100).toFixed(share < 0.0995 ? 2 : 1)} %`;

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
    const at = all.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = Math.max(0, Math.min(all.length - 1, to));
    choose(next);
    all[next].focus();
  });
}

/** The child indices that lead from a node's ancestor to it. @param {Element} root @param {Element} node @returns {number[]} */
function path(root, node) {
  const parent = node.parentElement;
  return node === root || !parent ? [] : [...path(root, parent), [...parent.children].indexOf(node)];
}

/** Change what stands in a node; the focus stays on the same element, or goes to the one in its place. @param {HTMLElement} root @param {() => void} change */
export function keepingFocus(root, change) {
  const { activeElement: focused } = /** @type {Document|ShadowRoot} */ (root.getRootNode());
  const inside = focused && focused !== root && root.contains(focused);
  const places = inside ? path(root, focused) : [];
  change();
  if (!inside) return;
  const found = root.contains(focused) ? focused : places.reduce((node, place) => node?.children[place], /** @type {Element|undefined} */ (root));
  /** @type {HTMLElement|undefined} */ (found)?.focus({ preventScroll: true });
}

/** A function that draws once in the next frame, however often it is called until then. @param {() => void} draw */
export function nextFrame(draw) {
  let frame = 0;
  return () => { frame ||= requestAnimationFrame(() => { frame = 0; draw(); }); };
}

const darkness = new Map(); // background colour → dark or not

/** Whether the page is dark, from Streamlit's own colours. @param {Element} node */
export function isDark(node) {
  const colour = getComputedStyle(node).getPropertyValue("--st-background-color").trim();
  if (!darkness.has(colour)) {
    const probe = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
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
