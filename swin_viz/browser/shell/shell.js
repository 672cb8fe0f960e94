/** What the page around the components does without the server. Streamlit runs it with every page: once is enough. */

import { nextFrame } from "../kit/dom.js";
import { isOpen, open, startPanel, tell } from "./panel.js";

/**
 * Streamlit adds an entry to the browser's history whenever the address changes: the Back button would step through
 * every token that was looked at, and never leave a page that writes its address again. Here it leaves the page.
 */
function backLeavesThePage() {
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const stays = new URL(url ?? location.href, location.href).pathname === location.pathname;
    if (stays) history.replaceState(state, title, url); else push(state, title, url);
  };
}

/** What stands on the document's element, from what Streamlit has drawn: theme and language. */
function sync() {
  const { dataset } = document.documentElement;
  const app = document.querySelector(".stApp");
  dataset.theme = app && getComputedStyle(app).colorScheme === "dark" ? "dark" : "light";
  const language = /** @type {HTMLElement|null} */ (document.querySelector(".does"))?.lang;
  if (language) document.documentElement.lang = language;
  tell();
}

/** What the buttons do, by their data-does. @type {Record<string, () => void>} */
const DOES = {
  settings: () => open(!isOpen()),
};

function start() {
  backLeavesThePage();
  startPanel();
  new MutationObserver(nextFrame(sync))
    .observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
  document.addEventListener("click", (event) => {
    const pressed = /** @type {HTMLElement|null} */ (/** @type {Element} */ (event.target).closest("[data-does]"));
    if (pressed) DOES[pressed.dataset.does]?.();
  });
}

const KEY = "swinVizShell";
if (!document.documentElement.dataset[KEY]) {
  document.documentElement.dataset[KEY] = "1";
  start();
}
