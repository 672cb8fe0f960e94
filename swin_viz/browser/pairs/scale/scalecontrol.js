/** The factor on the trained model's q·k, from 1/√d to √d: what it does to this query, and to all of the block. */

import { el, percent } from "../../kit/dom.js";
import { sharpness } from "../pairmath.js";
import { compared, paint, points, products } from "./cloud.js";

const LAST = 200; // the slider's; 1 lies in its middle

/** Three digits; what is there, but less, is not called nothing. @param {number} value */
const little = (value) => (value > 0 && value < 5e-4 ? "< 0.001" : value.toFixed(3));

export class ScaleControl {
  d = 1; // channels of a head
  /** @type {Float32Array} */ raw;
  #key = "";
  #of = "";
  /** @type {Float32Array} */ #products;
  /** @type {import("./cloud.js").Points} with 1/√d */ #before;

  /**
   * @param {(key: string, fields?: Object) => string} say
   * @param {(factor: number) => void} change from 0 (1/√d) over 100 (1) to 200 (√d)
   * @param {() => void} seen called once when all queries are looked at @param {() => void} last to the last stage
   */
  constructor(say, change, seen, last) {
    this.say = say;
    const slide = () => change(Number(this.slider.value));
    this.slider = el("input", { type: "range", min: 0, max: LAST, "aria-label": say("scale"), oninput: slide });
    this.line = el("p", { class: "step-text", "aria-live": "polite" });
    this.canvas = el("canvas", { role: "img", "aria-label": say("cloud") });
    this.chart = el("div", { class: "chart" }, this.canvas);
    this.of = el("p", { class: "step-text" });
    this.keys = el("p", { class: "ways" });
    this.to = el("button", { type: "button", onclick: last }, say("cloud_last"));
    const [title, text] = [el("h2", {}, say("scale_title")), el("p", {}, say("scale_text"))];
    this.node = el("section", { class: "scale trained" }, title, text,
      el("div", { class: "player" }, "1/√d", this.slider, "√d"), this.line, this.keys, this.chart, this.of, this.to);
    const watch = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      watch.disconnect();
      this.looked = true;
      seen();
    });
    watch.observe(this.chart);
  }

  looked = false; // whether all queries have been looked at

  /** @param {number} factor @param {number} d @param {boolean} last whether the block is of the last stage */
  set(factor, d, last) {
    this.d = d;
    this.to.hidden = last;
    if (Number(this.slider.value) !== factor) this.slider.value = String(factor);
  }

  /** From 1/√d (left) over 1 to √d (right), even in the logarithm. */
  value(at = Number(this.slider.value)) { return this.d ** (-0.5 * (1 - at / 100)); }

  /** This query alone. @param {import("../pairmath.js").Stages} stages @param {number} slot @param {number} N */
  draw(stages, slot, N) {
    const key = [this.value(), slot].join();
    if (stages.raw === this.raw && key === this.#key) return;
    this.raw = stages.raw;
    this.#key = key;
    const now = sharpness(stages, slot, N, this.value());
    const [entropy, gradient] = [now.entropy, now.gradient].map(little);
    const scale = this.value().toFixed(3);
    this.line.textContent = this.say("scale_line", { scale, entropy, largest: percent(now.largest), gradient });
    this.slider.setAttribute("aria-valuetext", scale);
    this.chart.drawn = now;
  }

  /**
   * All queries of some windows.
   * @param {string} key of block and head @param {import("../values.js").Values} values @param {number} head
   * @param {boolean} dark
   */
  drawAll(key, values, head, dark) {
    const { block, d, message } = values;
    const get = (name) => message.get(`cloud.${head}.${name}`);
    const windows = get("windows");
    const scale = this.value();
    const of = [key, scale, dark, this.chart.clientWidth].join();
    if (of === this.#of) return;
    const bias = values.bias.subarray(head * block.N ** 2, (head + 1) * block.N ** 2);
    if (!this.#of.startsWith(`${key},`)) {
      this.#products = products(get("q"), get("k"), windows.length, block.N, d);
      this.#before = points(this.#products, windows, block, bias, d ** -0.5);
    }
    this.#of = of;
    const altered = Number(this.slider.value) > 0;
    const after = altered ? points(this.#products, windows, block, bias, scale) : null;
    const names = { most: this.say("scale_largest"), gradient: this.say("scale_gradient") };
    paint(this.canvas, this.#before, after, names, getComputedStyle(this.node));
    this.tell(compared(this.#before, after ?? this.#before), altered, scale, windows.length < block.windows);
  }

  /** What the clouds say. @param {boolean} some not all windows of the block */
  tell(found, altered, scale, some) {
    const { say } = this;
    const [most, mostNow] = found.most.map((value) => percent(value));
    const [gradient, gradientNow] = found.gradient.map(little);
    const facts = { count: found.count, most, mostNow, gradient, gradientNow, scale: scale.toFixed(3) };
    const lines = [say(some ? "cloud_some" : "cloud_all", facts), say("cloud_before", facts)];
    if (altered) lines.push(say("cloud_after", { ...facts, fallen: percent(found.fallen) }));
    this.of.textContent = [...lines, say("cloud_trained")].join(lines[0].endsWith("。") ? "" : " ");
    const keys = [["scaled", "× 1/√d"], ...(altered ? [["bare", `× ${facts.scale}`]] : [])];
    this.keys.replaceChildren(...keys.map(([way, text]) => el("span", { class: way }, text)));
    this.canvas.drawn = { ...found, altered };
  }
}
