/** The page's address, for somebody else. */

import { el } from "../../kit/dom.js";

const WRITTEN_MS = 700; // what the server takes to write the address

/** Copy it, as soon as the server has written it. @returns {Promise<boolean>} whether it could be copied */
export async function copyLink() {
  await new Promise((done) => setTimeout(done, WRITTEN_MS));
  try {
    await navigator.clipboard.writeText(location.href);
    return true;
  } catch { // no clipboard without https: the old way
    return oldWay(location.href);
  }
}

/** @param {string} text */
function oldWay(text) {
  const field = el("textarea", { style: "position:fixed;opacity:0" });
  const focused = /** @type {HTMLElement|null} */ (document.activeElement);
  document.body.append(field);
  field.value = text;
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return done;
}
