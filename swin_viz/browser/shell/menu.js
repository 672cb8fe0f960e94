/**
 * Streamlit's menu, mended: its list holds groups where only items may stand, and on a narrow screen, where it lies
 * over the page, it stays when something was chosen.
 */

const ITEMS = "[data-testid=stSidebarNavItems]";
const CLOSE = "[data-testid=stSidebarCollapseButton] button";

/** The groups are groups by name, and the list around them is none. */
export function tell() {
  for (const node of document.querySelectorAll(`${ITEMS}, ${ITEMS} li`)) node.setAttribute("role", "presentation");
  for (const group of document.querySelectorAll(`${ITEMS} > div`)) {
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", group.querySelector("[data-testid=stNavSectionHeader] p")?.textContent ?? "");
  }
}

/** @param {Event} event */
function close(event) {
  if (!/** @type {Element} */ (event.target).closest("[data-testid=stSidebarNavLink], .st-key-lang button")) return;
  const button = /** @type {HTMLElement|null} */ (document.querySelector(CLOSE));
  if (matchMedia("(max-width: 767.98px)").matches) button?.click();
}

export function startMenu() { document.addEventListener("click", close); }
