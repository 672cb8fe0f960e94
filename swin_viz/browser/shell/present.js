/**
 * Presenting: the stage alone, and larger. It stands on the document's element and in the address, and nowhere else:
 * the server hears of it with the next change of anything, and only leaves it in the address.
 */

import { word } from "./say.js";

const FIELDS = "input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable]";

const root = document.documentElement;
export const isPresented = () => root.dataset.present === "1";

/** @param {string|URL} [url] the address, saying whether the stage is presented */
function saying(url) {
  const found = new URL(url ?? location.href, location.href);
  if ((found.searchParams.get("present") === "1") === isPresented()) return url;
  if (isPresented()) found.searchParams.set("present", "1"); else found.searchParams.delete("present");
  return found.href;
}

/** @param {boolean} yes */
export function present(yes) {
  if (yes) root.dataset.present = "1"; else delete root.dataset.present;
  history.replaceState(history.state, "", saying(location.href));
  tell();
}

/** The button says what it does now. */
export function tell() {
  const button = document.querySelector('[data-does="present"]');
  const name = word(isPresented() ? "present_leave" : "present");
  if (!button || button.getAttribute("aria-label") === name) return;
  button.setAttribute("aria-label", name);
  button.setAttribute("aria-pressed", String(isPresented()));
}

/** Whether a key is meant for a field that takes text. @param {Event} event */
function typed(event) {
  const target = /** @type {Element} */ (event.composedPath()[0]);
  return target.matches?.(FIELDS);
}

/** @param {KeyboardEvent} event */
function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typed(event)) return;
  if (event.key === "p" && !event.defaultPrevented) present(!isPresented());
  else if (event.key === "Escape" && isPresented()) present(false);
}

/**
 * Streamlit adds an entry to the browser's history whenever the address changes: the Back button would step through
 * every token that was looked at, and never leave a page that writes its address again. Here it leaves the page.
 */
function keepHistory() {
  const [push, replace] = [history.pushState.bind(history), history.replaceState.bind(history)];
  history.replaceState = (state, title, url) => replace(state, title, saying(url));
  history.pushState = (state, title, url) => {
    const stays = new URL(url ?? location.href, location.href).pathname === location.pathname;
    (stays ? replace : push)(state, title, saying(url));
  };
}

export function startPresenting() {
  if (new URL(location.href).searchParams.get("present") === "1") root.dataset.present = "1";
  keepHistory();
  document.addEventListener("keydown", key);
}
