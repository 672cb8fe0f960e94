/**
 * What a message carries of its component's code: it fetches the code by name, once a page, and then hands over what
 * Streamlit hands it. A name stands for one content, so the browser keeps it for good.
 */

import { address, GONE, pause, UNHEARD_MS } from "./address.js";

/** @typedef {import("../kit/component.js").Streamlit} Streamlit */
/** @typedef {{component: Streamlit, root: HTMLElement, stop: () => void}} Call one that came before the code */
/** @typedef {Map<HTMLElement, Call>} Waiting each parent's last call */

/** Those who still wait: their place was not taken by other code's. @param {Waiting} waiting */
const here = (waiting) => [...waiting.values()].filter(({ root }) => root.isConnected);

/** The words that came along: of plain data, or of a packed message's header. @param {any} data */
function wordsOf(data) {
  if (!(data instanceof Uint8Array)) return data.words;
  const length = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
  return JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + length))).words;
}

/** Whoever waits is told why. @param {Call} call @param {string} key of the words */
function tell({ root, component }, key) {
  const text = wordsOf(component.data)[key];
  if (root.textContent === text) return;
  root.replaceChildren(Object.assign(document.createElement("p"), { role: "status", textContent: text }));
}

/**
 * Try until it is here. A server that was started anew may have other code: then the page is loaded anew, if somebody
 * still waits here for this. A browser may keep a failure by its address, so that another one is asked the next time.
 * @param {string} name @param {Waiting} waiting @returns {Promise<(component: Streamlit) => () => void>}
 */
async function fetched(name, waiting) {
  const url = address(`code/${name}`);
  let gone = Infinity;
  for (let tried = 0; ; tried++) {
    try {
      return (await import(tried ? `${url}?${tried}` : url)).default;
    } catch {
      const { status } = await fetch(url).catch(() => ({ status: 0 }));
      gone = status === GONE ? Math.min(gone, performance.now()) : Infinity;
      const calls = here(waiting);
      calls.forEach((call) => tell(call, status === GONE ? "renewed" : "away"));
      if (calls.length && performance.now() - gone > UNHEARD_MS) location.reload();
      await pause(tried);
    }
  }
}

/** The default export of a component: calls that come before the code wait for it. */
export default function start(/** @type {string} */ name) {
  /** @type {((component: Streamlit) => () => void)|undefined} */ let run;
  /** @type {Waiting} */ const waiting = new Map();
  fetched(name, waiting).then((code) => {
    run = code;
    for (const call of here(waiting)) {
      call.root.replaceChildren();
      call.stop = run(call.component);
    }
    waiting.clear();
  });
  return (/** @type {Streamlit} */ component) => {
    if (run) return run(component);
    const parent = component.parentElement;
    const stop = () => { if (waiting.get(parent) === call) waiting.delete(parent); };
    /** @type {Call} */ const call = { component, root: parent.querySelector(".viz"), stop };
    waiting.set(parent, call);
    return () => call.stop();
  };
}
