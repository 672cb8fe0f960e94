/**
 * Picture and model, a panel below its button: opened and closed without the server. That it is open stands on the
 * document's element, which nobody makes anew; the button, which is made anew with every picture, is told again.
 */

const NAME = "settings";
const BUTTON = `[data-does="${NAME}"]`;
const PANEL = `.st-key-stage_${NAME}`;

const root = document.documentElement;
const button = () => /** @type {HTMLElement|null} */ (document.querySelector(BUTTON));
export const isOpen = () => root.dataset.open === NAME;

/** Open or close it. @param {boolean} yes */
export function open(yes) {
  if (yes) root.dataset.open = NAME; else delete root.dataset.open;
  tell();
}

/** The button says whether the panel is open. */
export function tell() {
  const [one, yes] = [button(), String(isOpen())];
  if (one && one.getAttribute("aria-expanded") !== yes) one.setAttribute("aria-expanded", yes);
}

/** Close it, and give the focus back to its button. @param {KeyboardEvent} event */
function escape(event) {
  const focused = document.activeElement;
  const inside = focused?.closest(`${PANEL}, ${BUTTON}`) || focused === document.body;
  if (event.key !== "Escape" || !isOpen() || !inside || focused.getAttribute("aria-expanded") === "true" &&
    !focused.matches(BUTTON)) return; // a list that is open closes first
  event.stopPropagation();
  open(false);
  button()?.focus();
}

/** A press beside it closes it; lists, tips and calendars that Streamlit opens stand outside of #root. */
function beside(event) {
  const target = /** @type {Element} */ (event.target);
  if (isOpen() && target.closest("#root") && !target.closest(`${PANEL}, ${BUTTON}`)) open(false);
}

export function startPanel() {
  document.addEventListener("keydown", escape, true);
  document.addEventListener("pointerdown", beside, true);
}
