/**
 * A component's life. Streamlit calls the default export for every new `data` and theme, and may run the clean-up of a
 * superseded call late: so one instance per parent element is kept, updated, and removed only when no call followed.
 */

const instances = new WeakMap();

/**
 * @param {Object} component what Streamlit hands over
 * @param {(root: HTMLElement, signal: AbortSignal) => {update: (data: Uint8Array, send: Function) => void}} create
 * @returns {() => void} the clean-up
 */
export function mount(component, create) {
  const parent = component.parentElement;
  let instance = instances.get(parent);
  if (!instance) {
    const abort = new AbortController();
    const root = parent.querySelector(".viz");
    instance = { abort, generation: 0, view: create(root, abort.signal) };
    instances.set(parent, instance);
  }
  const generation = ++instance.generation;
  instance.view.update(component.data, (name, value) => component.setStateValue(name, value));
  return () => setTimeout(() => {
    if (instance.generation !== generation) return;
    instance.abort.abort();
    instances.delete(parent);
  }, 100);
}

const LEAVING_MS = 3000; // longer than a page takes to go

/**
 * Tells the server what the state has become when it has been still for a while, and only if it changed. Never once a
 * link was followed: Streamlit would take the message for one from the page before, and clear the one that opens.
 * @param {HTMLElement} root
 * @param {AbortSignal} signal
 * @param {(value: Object) => void} send
 * @param {number} wait milliseconds
 */
export function settler(root, signal, send, wait = 500) {
  let [timer, last, leaving] = [0, null, -Infinity];
  const leave = () => { clearTimeout(timer); leaving = performance.now() + LEAVING_MS; };
  const watch = (event) => { if (event.composedPath().some((node) => node.href && !root.contains(node))) leave(); };
  for (const name of ["pointerdown", "click"]) window.addEventListener(name, watch, { capture: true, signal });
  window.addEventListener("popstate", leave, { signal });
  const tell = (value) => {
    const text = JSON.stringify(value);
    if (text !== last && performance.now() > leaving) { last = text; send(value); }
  };
  return {
    told(value) { last = JSON.stringify(value); },
    settle(value, after = wait) {
      clearTimeout(timer);
      if (after) timer = setTimeout(tell, after, value);
      else tell(value);
    },
  };
}
