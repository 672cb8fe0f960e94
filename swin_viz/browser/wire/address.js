/** Where the app is, for what it answers beside Streamlit, and how long those wait who ask in vain. */

export const AGAIN_MS = [500, 1000, 2000, 4000]; // pauses of those who try in vain; the last one goes on
export const UNHEARD_MS = 6000; // how long a server that is there may take to offer anew what is gone
export const GONE = 404;

/** The pause after a number of tries in vain. @param {number} tried */
export const pause = (tried) => new Promise((done) => {
  setTimeout(done, AGAIN_MS[Math.min(tried, AGAIN_MS.length - 1)]);
});

/** The whole address of a path, whatever is in front of the app: Streamlit's own script says. @param {string} path */
export function address(path) {
  const script = /** @type {HTMLScriptElement|null} */ (document.querySelector('script[src*="/static/js/"]'));
  return new URL(`${script ? script.src.split("/static/js/")[0] : ""}/${path}`, document.baseURI).href;
}
