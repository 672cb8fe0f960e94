/** Copies the address: what is chosen in a component stands there half a second later, once the server has heard. */

import { el } from "../kit/dom.js";
import { say, word } from "./say.js";

const SETTLES_MS = 700;
let last = -Infinity; // when something was last chosen

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const running = () => document.querySelector("[data-testid=stApp][data-test-script-state=running]") !== null;

async function settled() {
  await pause(Math.max(0, SETTLES_MS - (performance.now() - last)));
  for (let i = 0; i < 20 && running(); i++) await pause(50);
}

export async function copy() {
  await settled();
  try {
    await navigator.clipboard.writeText(location.href);
    say(word("copied"));
  } catch { // no permission, or no secure page
    copyByHand();
  }
}

/** The old way, and if the browser refuses that too, a selected field. */
function copyByHand() {
  const before = /** @type {HTMLElement} */ (document.activeElement);
  const field = el("input", { readonly: true, value: location.href, "aria-label": word("link") });
  const leave = () => { say(""); before?.focus(); };
  say(word("copy_by_hand"), true, field);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    leave();
  });
  field.addEventListener("copy", () => setTimeout(() => { leave(); say(word("copied")); }));
  field.focus();
  field.select();
  if (document.execCommand?.("copy")) { leave(); say(word("copied")); }
}

export function startLink() {
  const choose = () => { last = performance.now(); };
  for (const name of ["pointerdown", "pointermove", "keydown"]) document.addEventListener(name, (event) => {
    if (!/** @type {Element} */ (event.target).closest?.(".st-key-stage_head")) choose();
  }, { capture: true, passive: true });
}
