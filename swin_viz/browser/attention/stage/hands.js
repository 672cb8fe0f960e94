/** A mouse points and clicks on a picture, a finger taps or drags; keys go on. */

const TAP_PX = 8; // a finger that moved less has tapped

/** @typedef {import("../panel.js").Panel} Panel */
/** @typedef {(panel: Panel, token: [number, number]) => void} Pointed */
/** @typedef {(panel: Panel, event: KeyboardEvent) => void} Keyed */
/** @typedef {{hover: Pointed, pin: Pointed, drag: Pointed, rest: () => void, key: Keyed}} Hands the visitor's moves */

/**
 * Turn what happens on a panel's picture into moves.
 * @param {Panel} panel @param {Hands} hands @param {AbortSignal} signal
 */
export function listen(panel, hands, signal) {
  const { canvas, view } = panel;
  const act = (hand, event) => { const found = view.pointed(event); if (found) hands[hand](panel, found); };
  const on = (name, touch, mouse) => canvas.addEventListener(name, (event) => {
    (event.pointerType === "touch" ? touch : mouse)(event);
  }, { signal });
  /** @type {number[]|null} */ let start = null;
  let dragged = false;
  const down = (event) => { start = [event.clientX, event.clientY]; dragged = false; };
  on("pointerdown", down, (event) => act("pin", event));
  on("pointermove", (event) => {
    dragged ||= start && Math.hypot(event.clientX - start[0], event.clientY - start[1]) > TAP_PX;
    if (dragged) act("drag", event);
  }, (event) => act("hover", event));
  on("pointerup", (event) => { if (start && !dragged) act("pin", event); start = null; }, () => {});
  on("pointercancel", () => { start = null; }, () => {});
  canvas.addEventListener("keydown", (event) => hands.key(panel, event), { signal });
  canvas.addEventListener("pointerleave", () => hands.rest(), { signal });
}
