import type { Summary } from "../compute/summary.js";

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

interface Groups {
  count: number;
  failed: number;
  results: { by: Record<string, unknown>; rows: object; [said: string]: unknown }[];
}

/** Groups that are shown one by one. */
const SHOWN = 10;

function groupLines({ count, failed, results }: Groups): string[] {
  const without = failed > 0 ? `, of which ${failed} could not be computed` : "";
  const shown = results.slice(0, SHOWN).map(({ by, rows, ...said }) => {
    delete said.weights;
    const name = Object.values(by)
      .map((value) => (value === "" ? `""` : String(value)))
      .join(", ");
    return `    ${name}: ${show({ ...rows, ...said })}`;
  });
  const more = count > SHOWN ? [`    and ${count - SHOWN} more`] : [];
  return [`  groups     ${count}${without}`, ...shown, ...more];
}

function show(value: unknown, unit = ""): string {
  if (typeof value === "number") return (Number.isInteger(value) ? String(value) : value.toPrecision(6)) + unit;
  if (Array.isArray(value)) return value.map((item) => show(item)).join(", ");
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([name, inner]) => `${name} ${show(inner, unit)}`)
      .join(" · ");
  }
  return String(value);
}
