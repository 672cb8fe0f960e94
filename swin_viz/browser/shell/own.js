/**
 * The visitor's own picture, taken where the picture is: chosen, dropped anywhere on the page, or pasted. All three
 * hand the file to Streamlit's uploader, which is in the page and never seen.
 */

import { el } from "../kit/dom.js";
import { open } from "./panel.js";
import { most, say, word } from "./say.js";

const READS_MS = 60000;
const HERE = "[data-testid=stFileUploaderDropzone]"; // an uploader that is seen takes its own

const INPUT = ".st-key-file_upload input[type=file]";
const UPLOADER = ".st-key-stage_own_file";
const FAILED = `${UPLOADER} [data-testid=stFileChip][aria-invalid=true]`; // what Streamlit says of it, unseen

const input = () => /** @type {HTMLInputElement|null} */ (document.querySelector(INPUT));
const target = el("div", { class: "drop", hidden: true, "aria-hidden": "true" }, el("p"));

/** Let the visitor choose one; a telephone offers its camera too. */
export function choose() {
  const field = input();
  if (!field) return;
  field.accept = "image/*";
  field.addEventListener("change", (event) => {
    const [file] = field.files;
    if (file && !fits(file)) event.stopPropagation(); // Streamlit does not hear of it
    else if (file) busy();
  }, { once: true });
  field.click();
}

/** Whether the server takes so large a file; else that is said. @param {File} file */
function fits(file) {
  if (file.size <= most()) return true;
  open(false);
  say(word("large"));
  return false;
}

/** Hand a file over. @param {File} file */
function take(file) {
  const field = input();
  if (!field || !fits(file)) return;
  const files = new DataTransfer();
  files.items.add(file);
  field.files = files.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  busy();
}

/** Say that it is being read until the server has answered, or the file did not arrive. */
function busy() {
  open(false);
  say(word("reading"), true);
  const app = document.querySelector("[data-testid=stApp]");
  let ran = false;
  const done = (text = "") => { watch.disconnect(); clearTimeout(late); say(text); };
  const watch = new MutationObserver(() => {
    const failed = document.querySelector(FAILED);
    if (failed) { done(word("failed")); failed.querySelector("button")?.click(); return; }
    const running = app.getAttribute("data-test-script-state") === "running";
    if (ran && !running) done();
    ran ||= running;
  });
  const late = setTimeout(done, READS_MS);
  watch.observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });
  watch.observe(document.querySelector(UPLOADER), { childList: true, subtree: true, attributes: true });
}

/** @param {DragEvent} event */
const brings = (event) => event.dataTransfer?.types.includes("Files") &&
  !/** @type {Element} */ (event.target).closest?.(HERE);

function show(yes) {
  target.firstElementChild.textContent = word("drop");
  target.hidden = !yes;
}

export function startOwn() {
  document.body.append(target);
  let deep = 0; // a drag enters an element before it leaves the last one
  document.addEventListener("dragenter", (event) => { if (brings(event) && !deep++) show(true); });
  document.addEventListener("dragleave", (event) => { if (brings(event) && deep && !--deep) show(false); });
  document.addEventListener("dragover", (event) => { if (brings(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    deep = 0;
    show(false);
    if (!brings(event)) return;
    event.preventDefault();
    const { files } = event.dataTransfer;
    const file = [...files].find((each) => each.type.startsWith("image/")) ?? files[0];
    if (file) take(file);
  });
  document.addEventListener("paste", (event) => {
    const file = [...event.clipboardData?.files ?? []].find((each) => each.type.startsWith("image/"));
    if (file) { event.preventDefault(); take(file); }
  });
}
