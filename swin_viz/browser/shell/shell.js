/** What the page around the components does without the server: a plain script, in the page's head. */

import { nextFrame } from "../kit/dom.js";
import { copy, startLink } from "./link.js";
import { startMenu, tell as tellMenu } from "./menu.js";
import { choose, startOwn } from "./own.js";
import { isOpen, open, startPanel, tell as tellPanel } from "./panel.js";
import { isPresented, present, startPresenting, tell as tellPresenting } from "./present.js";
import { language, readOut, startSaying } from "./say.js";

/** What the buttons do, by their data-does. @type {Record<string, (button: HTMLElement) => void>} */
const DOES = {
  settings: () => open(!isOpen()),
  own: choose,
  link: copy,
  present: () => present(!isPresented()),
  undo_own: () => /** @type {HTMLElement|null} */ (document.querySelector(".st-key-undo_own button"))?.click(),
  shut: (button) => { button.parentElement.hidden = true; },
};

/** What stands on the document's element and on the buttons, from what Streamlit has drawn anew. */
function sync() {
  const root = document.documentElement;
  const app = document.querySelector(".stApp");
  root.dataset.theme = app && getComputedStyle(app).colorScheme === "dark" ? "dark" : "light";
  root.lang = language() || root.lang;
  readOut([...document.querySelectorAll(".over p")].map((each) => each.textContent).join(" "));
  tellMenu();
  tellPanel();
  tellPresenting();
}

function start() {
  for (const part of [startPresenting, startSaying, startMenu, startPanel, startLink, startOwn]) part();
  new MutationObserver(nextFrame(sync))
    .observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
  document.addEventListener("click", (event) => {
    const pressed = /** @type {HTMLElement|null} */ (/** @type {Element} */ (event.target).closest("[data-does]"));
    if (pressed) DOES[pressed.dataset.does]?.(pressed);
  });
}

start();
