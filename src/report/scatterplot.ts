import * as Plot from "@observablehq/plot";
import { cellText } from "../table/cell.js";
import { cell } from "../table/column.js";
import type { Table } from "../table/table.js";
import { clusterColors } from "./colors.js";
import { render, type Figure } from "./render.js";

/** Points drawn at most; beyond, every so many-th. */
const MAX_POINTS = 20_000;

/**
 * The Moran scatterplot (Anselin 1996): the lag of the standardised values over the values. The line's slope is Moran's
 * I, with the mean square of all standardised values, which is 1, also where islands are not drawn.
 */
export function moranScatterplot(table: Table): Figure | undefined {
  const [z, lag, cluster] = ["value_std", "lag_std", "cluster"].map(
    (name) => table.columns.find((column) => column.name === name)?.column,
  );
  if (!z || !lag || !cluster) return undefined;
  const step = Math.ceil(table.n / MAX_POINTS);
  const points = [];
  let cross = 0;
  let drawn = 0;
  for (let row = 0; row < table.n; row++) {
    const [x, y] = [cell(z, row), cell(lag, row)];
    if (typeof x !== "number" || typeof y !== "number") continue;
    cross += x * y;
    drawn++;
    if (row % step === 0) points.push({ x, y, color: clusterColors[cellText(cell(cluster, row))] ?? "#ccc" });
  }
  const i = cross / drawn;
  const ends = points.map(({ x }) => x);
  const line = [Math.min(...ends), Math.max(...ends)].map((x) => ({ x, y: i * x }));
  const svg = render({
    width: 640,
    height: 480,
    grid: true,
    x: { label: "value, standardised" },
    y: { label: "lag, standardised" },
    marks: [
      Plot.ruleX([0], { stroke: "#888" }),
      Plot.ruleY([0], { stroke: "#888" }),
      Plot.dot(points, { x: "x", y: "y", r: 2, fill: "color", stroke: "#555", strokeWidth: 0.3 }),
      Plot.line(line, { x: "x", y: "y", stroke: "black" }),
    ],
  });
  return { caption: `Moran scatterplot, Moran's I ${i.toFixed(4)}`, legend: "", svg };
}
