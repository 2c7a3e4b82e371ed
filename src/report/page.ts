import type { Table } from "../table/table.js";
import type { Summary } from "../compute/summary.js";
import { groupRows, type Groups } from "./groups.js";
import { resultMaps } from "./map.js";
import { drawnParts } from "./parts.js";
import { escape } from "./render.js";
import { moranScatterplot } from "./scatterplot.js";

const style = `
  :root { color-scheme: light; font: 15px/1.5 system-ui, sans-serif; color: #222; }
  body { max-width: 1040px; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; margin: 0; }
  p.sub { margin: 0 0 1.5rem; color: #666; }
  figure { margin: 0 0 2rem; }
  figure > svg { width: 100%; height: auto; }
  figcaption { font-weight: 600; margin-bottom: .5rem; }
  table { border-collapse: collapse; }
  td, th { padding: .15rem 1rem .15rem 0; text-align: left; font-variant-numeric: tabular-nums; }
  .swatch { display: inline-block; width: .8em; height: .8em; margin-right: .4em; border: 1px solid #999; }
`;

/** A self-contained HTML page of a result: map, Moran scatterplot where there is one, and the summary. */
export function reportPage(
  table: Table,
  summary: Summary,
  options: { title?: string; projection?: string } = {},
): string {
  const title = options.title ?? summary.analysis;
  const { groups, ...told } = summary;
  const { parts, more } = drawnParts(table);
  const figures = parts.flatMap((part) =>
    [...resultMaps(part.table, options.projection), moranScatterplot(part.table)]
      .filter((figure) => figure !== undefined)
      .map((figure) => ({ ...figure, caption: part.name ? `${part.name}: ${figure.caption}` : figure.caption })),
  );
  if (figures.length > 0 && more > 0) told.variables = `${more} more, which are not drawn`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<style>${style}</style>
<h1>${escape(title)}</h1>
<p class="sub">${escape(summary.analysis)}: ${summary.rows.used} of ${summary.rows.read} rows used</p>
${figures
  .map(({ caption, legend, svg }) => `<figure><figcaption>${escape(caption)}</figcaption>${legend}${svg}</figure>`)
  .join("\n")}
<table>${[...summaryRows(told), ...rowsOfGroups(groups as Groups | undefined)]
    .map(([name, value]) => `<tr><th>${escape(name)}<td>${escape(value)}`)
    .join("")}</table>
</html>
`;
}

/** The summary as names and values, nested names joined. */
function summaryRows(value: object, prefix = ""): [string, string][] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]): [string, string][] =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? summaryRows(inner, `${prefix}${name} `)
      : [[prefix + name, Array.isArray(inner) ? inner.join(", ") : String(inner)]],
  );
}

/** The number of groups, and each of the first with what is said of it. */
function rowsOfGroups(groups: Groups | undefined): [string, string][] {
  if (!groups) return [];
  const { shown, more } = groupRows(groups);
  const counts: [string, string][] = [
    ["groups", String(groups.count)],
    ["groups that could not be computed", String(groups.failed)],
  ];
  return [...counts, ...shown, ...(more > 0 ? [["more groups", String(more)] satisfies [string, string]] : [])];
}
