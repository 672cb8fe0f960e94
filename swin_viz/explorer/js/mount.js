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

/** Call `send` when the state has been still for a while, and only if it changed. @param {number} wait milliseconds */
export function settler(send, wait = 500) {
  let timer = 0;
  let last = null;
  return {
    told(value) { last = JSON.stringify(value); },
    settle(value) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const text = JSON.stringify(value);
        if (text !== last) { last = text; send(value); }
      }, wait);
    },
  };
}
