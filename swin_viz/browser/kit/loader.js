/**
 * Parts of a run, fetched by name once: a name stands for one content, for good. In a page that works without a
 * network the bodies come along, behind the same interface.
 */

import { address, GONE, pause } from "../wire/address.js";
import { unpack } from "./trace.js";

const REST_MS = 800;

/** @typedef {import("./trace.js").Message} Message */

/** A part that the server no longer has: its page must be asked for it anew. */
export class GoneError extends Error {}

export class Loader {
  /** @type {Map<string, Promise<Message>>} */
  parts = new Map();
  /** @type {Map<string, Message>} what has arrived */
  here = new Map();
  resting = 0;

  /** @param {AbortSignal} signal @param {(yes: boolean) => void} away told when the network goes and comes */
  constructor(signal, away = () => {}) {
    this.signal = signal;
    this.away = away;
  }

  /** Parts that came with the page. @param {Record<string, string>} bodies base64, by name */
  bring(bodies) {
    for (const [name, body] of Object.entries(bodies)) {
      const message = unpack(Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0)));
      this.here.set(name, message);
      this.parts.set(name, Promise.resolve(message));
    }
  }

  /** A part that has arrived, or undefined. @param {string} name */
  now(name) { return this.here.get(name); }

  /** A part, fetched if it is not here. @param {string} name @returns {Promise<Message>} rejects with GoneError */
  want(name) {
    let found = this.parts.get(name);
    if (!found) {
      found = this.fetched(name);
      this.parts.set(name, found);
      found.then((message) => this.here.set(name, message), () => this.parts.delete(name));
    }
    return found;
  }

  /**
   * One message of a header's parts: an array is looked for in all that have arrived. Parts of other headers are let
   * go: the browser itself has kept their bodies.
   * @param {any} header @returns {Message}
   */
  message(header) {
    const names = /** @type {string[]} */ (Object.values(header.parts));
    for (const part of [...this.here.keys()].filter((each) => !names.includes(each))) {
      this.here.delete(part);
      this.parts.delete(part);
    }
    const holder = (name) => names.map((part) => this.here.get(part)).find((part) => part?.has(name));
    return {
      header,
      get: (name) => holder(name)?.get(name),
      has: (name) => Boolean(holder(name)),
      shape: (name) => /** @type {number[]} */ (holder(name)?.shape(name)),
    };
  }

  /** Fetch a part when the hand has rested for a while, if the visitor does not save data. @param {string[]} names */
  later(names) {
    clearTimeout(this.resting);
    if (/** @type {any} */ (navigator).connection?.saveData) return; // not in every browser
    this.resting = window.setTimeout(async () => {
      for (const name of names) await this.want(name).catch(() => {});
    }, REST_MS);
  }

  /** @param {string} name @returns {Promise<Message>} */
  async fetched(name) {
    for (let tried = 0; ; tried++) {
      try {
        const answer = await fetch(address(`part/${name}`), { signal: this.signal });
        if (!answer.ok && answer.status !== GONE) throw new Error(String(answer.status));
        const message = answer.ok ? unpack(new Uint8Array(await answer.arrayBuffer())) : null;
        if (tried) this.away(false);
        if (!message) throw new GoneError(name);
        return message;
      } catch (error) {
        if (error instanceof GoneError || this.signal.aborted) throw error;
        this.away(true);
        await pause(tried);
      }
    }
  }
}
