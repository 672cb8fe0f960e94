/** The toolbar's icons: outlines on a field of 24. */

import { el } from "../../kit/dom.js";

const PATHS = {
  light: "M8 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0M12 2.5V5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3l1.8 1.8M16.9 16.9l1.8 1.8"
    + "M18.7 5.3l-1.8 1.8M7.1 16.9l-1.8 1.8",
  grid: "M4 4h16v16H4zM4 9.5h16M9.5 4v16",
  rolled: "M20 9a8 8 0 0 0-14.5-2.5L4 8M4 4v4h4M4 15a8 8 0 0 0 14.5 2.5L20 16M20 20v-4h-4",
  arcs: "M3 17a2 2 0 1 0 4 0a2 2 0 1 0-4 0M17 17a2 2 0 1 0 4 0a2 2 0 1 0-4 0M5.8 15C8 6 16 6 18.2 15",
  layer: "M12 3.5l9 5-9 5-9-5zM4 13l8 4.5 8-4.5M4 17l8 4.5 8-4.5",
  compare: "M3 5h8v14H3zM13 5h8v14h-8z",
  save: "M12 4v11M7.5 11l4.5 4.5L16.5 11M4.5 20h15",
  more: "M6 9l6 6 6-6",
  hint: "M4 20C6 11 11 6 20 5M14 3.5l6 1.5-3 5.5",
};

/** @param {keyof typeof PATHS} name */
export const icon = (name) => el("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" },
  el("path", { d: PATHS[name] }));
