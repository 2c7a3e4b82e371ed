import type { Summary } from "../compute/summary.js";
import { groupRows, show, type Groups } from "../report/groups.js";

/** What the person asked for, and so knows. */
const asked = new Set(["parameters", "version"]);

/** A summary as lines for a person. */
export function summaryText(summary: Summary): string {
  const { analysis, rows, warnings, times, groups, ...rest } = summary;
  const lines = [
    `${analysis}: ${rows.used} of ${rows.read} rows used${rows.undefined > 0 ? `, ${rows.undefined} undefined` : ""}`,
  ];
  if (groups) lines.push(...groupLines(groups as Groups));
  for (const [name, value] of Object.entries(rest))
    if (!asked.has(name)) lines.push(`  ${name.padEnd(10)} ${show(value)}`);
  if (times) lines.push(`  ${"times".padEnd(10)} ${show(times, " ms")}`);
  for (const warning of warnings) lines.push(`  warning: ${warning}`);
  return `${lines.join("\n")}\n`;
}

function groupLines(groups: Groups): string[] {
  const { shown, more } = groupRows(groups);
  const without = groups.failed > 0 ? `, of which ${groups.failed} could not be computed` : "";
  return [
    `  groups     ${groups.count}${without}`,
    ...shown.map(([name, said]) => `    ${name}: ${said}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}
