/** What the page says by itself: one line at the foot of the stage, read out and seen, and the words that it needs. */

import { el } from "../kit/dom.js";

const SHOWN_MS = 4000;
const line = el("p", { class: "told", role: "status", "aria-live": "polite" });
let timer = 0;

const told = () => /** @type {HTMLElement|null} */ (document.querySelector(".does"));

/** A text in the page's language. @param {string} key */
export const word = (key) => JSON.parse(told()?.dataset.words ?? "{}")[key] ?? "";

/** The largest file that the server takes, in bytes. */
export const most = () => Number(told()?.dataset.most);

/** The page's language. */
export const language = () => told()?.lang ?? "";

/**
 * Say it, beside a node if there is one; `stays`: until something else is said.
 * @param {string} text @param {boolean} [stays] @param {Node|null} [beside]
 */
export function say(text, stays = false, beside = null) {
  clearTimeout(timer);
  line.lang = language();
  line.replaceChildren(text, ...(beside ? [beside] : []));
  if (text && !stays) timer = setTimeout(() => line.replaceChildren(), SHOWN_MS);
}

/** Read a sentence out that is shown elsewhere. */
const aloud = el("p", { class: "hidden", role: "status", "aria-live": "polite" });
export function readOut(text) { if (aloud.textContent !== text) aloud.textContent = text; }

export function startSaying() { document.body.append(line, aloud); }
