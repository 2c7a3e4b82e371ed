import type { Summary } from "../compute/compute.js";

/** What the person asked for, and so knows. */
const asked = new Set(["parameters", "version"]);

/** A summary as lines for a person. */
export function summaryText(summary: Summary): string {
  const { analysis, rows, warnings, times, ...rest } = summary;
  const lines = [
    `${analysis}: ${rows.used} of ${rows.read} rows used${rows.undefined > 0 ? `, ${rows.undefined} undefined` : ""}`,
  ];
  for (const [name, value] of Object.entries(rest))
    if (!asked.has(name)) lines.push(`  ${name.padEnd(10)} ${show(value)}`);
  if (times) lines.push(`  ${"times".padEnd(10)} ${show(times, " ms")}`);
  for (const warning of warnings) lines.push(`  warning: ${warning}`);
  return `${lines.join("\n")}\n`;
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
