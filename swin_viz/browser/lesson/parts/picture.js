/** Small pictures of one pixel a cell, and their place on a canvas. */

import { clamp } from "../../kit/maths.js";
import { sized } from "../../kit/dom.js";

/** @param {number} rows @param {number} columns @param {(i: number) => Iterable<number>} colour */
export function picture(rows, columns, colour) {
  const image = new ImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) image.data.set([...colour(i), 255], i * 4);
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: columns, height: rows });
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** A canvas as wide as its card allows, between two widths, and empty. @param {HTMLCanvasElement} canvas */
export function cleared(canvas, least, most, ratio = 1) {
  const width = clamp(canvas.parentElement.clientWidth, least, most);
  const context = sized(canvas, width, width * ratio);
  context.clearRect(0, 0, width, width * ratio);
  context.imageSmoothingEnabled = false;
  return { context, width, height: width * ratio };
}

/**
 * A cell's frame: one line over the other, so that it stands out.
 * @param {CanvasRenderingContext2D} context @param {number[]} cell x, y, side @param {any[][]} strokes colour and width
 */
export function framed(context, [x, y, side], strokes) {
  for (const [colour, width] of strokes) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(x, y, side, side);
  }
}
