import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { GoneError, Loader } from "../../swin_viz/browser/kit/loader.js";

/** A packed message of one array of 16-bit integers, in byte planes. */
function packed(name, values) {
  const header = JSON.stringify({ arrays: { [name]: ["pu2", [values.length], 0] } });
  const text = new TextEncoder().encode(header.padEnd(header.length + (-(header.length + 4) & 7)));
  const body = Uint8Array.from([...values.map((value) => value & 255), ...values.map((value) => value >> 8)]);
  const bytes = new Uint8Array(4 + text.length + body.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(body, 4 + text.length);
  return bytes;
}

let asked = [];
let answers = [];

beforeEach(() => {
  asked = [];
  answers = [];
  const script = { src: "http://class.room/swin/static/js/index.js" };
  Object.assign(globalThis, {
    document: { querySelector: () => script },
    fetch: async (url) => {
      asked.push(url);
      const next = answers.shift();
      if (next instanceof Error) throw next;
      return { status: next.status ?? 200, ok: !next.status, arrayBuffer: async () => next.body.buffer };
    },
  });
});

const loader = (away) => new Loader(new AbortController().signal, away);
const header = (...names) => ({ parts: Object.fromEntries(names.map((name) => [name, name])) });

test("a part is fetched once, below the app's own path, and its numbers come back", async () => {
  answers = [{ body: packed("probs", [0, 1, 255, 256, 65535]) }];
  const mine = loader();
  await Promise.all([mine.want("abc"), mine.want("abc")]);
  assert.deepEqual(asked, ["http://class.room/swin/part/abc"]);
  const message = mine.message(header("abc"));
  assert.deepEqual([...message.get("probs")], [0, 1, 255, 256, 65535]);
  assert.ok(message.has("probs") && !message.has("other"));
});

test("a part that is gone is said to be, and asked for again the next time", async () => {
  answers = [{ status: 404 }, { body: packed("a", [1]) }];
  const mine = loader();
  await assert.rejects(mine.want("abc"), GoneError);
  await mine.want("abc");
  assert.equal(asked.length, 2);
});

test("while the network is away it is tried again, and said", async () => {
  const told = [];
  answers = [new Error("away"), { body: packed("a", [1]) }];
  await loader((yes) => told.push(yes)).want("abc");
  assert.deepEqual(told, [true, false]);
});

test("parts of another header are let go", async () => {
  answers = ["a", "b", "a"].map((name) => ({ body: packed(name, [1]) }));
  const mine = loader();
  await mine.want("a");
  await mine.want("b");
  mine.message(header("b"));
  assert.equal(mine.now("a"), undefined);
  assert.ok(mine.now("b"));
  await mine.want("a");
  assert.equal(asked.length, 3);
});
