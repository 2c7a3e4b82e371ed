import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** A drawing with its caption, and its legend as HTML. */
export interface Figure {
  caption: string;
  legend: string;
  svg: string;
}

/** Draws a plot without a browser, as the text of an SVG element. */
export function render(options: Plot.PlotOptions): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = Plot.plot({ ...options, document });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return svg.outerHTML;
}

export function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
