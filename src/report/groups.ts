/** What a summary tells of groups. */
export interface Groups {
  count: number;
  failed: number;
  results: { by: Record<string, unknown>; rows: object; [said: string]: unknown }[];
}

/** Groups that are shown one by one. */
const SHOWN = 10;

/** Groups as names and what is said of them: the first ones, and how many more there are. */
export function groupRows({ count, results }: Groups): { shown: [name: string, said: string][]; more: number } {
  const shown = results.slice(0, SHOWN).map(({ by, rows, ...said }): [string, string] => {
    delete said.weights;
    const name = Object.values(by)
      .map((value) => (value === "" ? `""` : String(value)))
      .join(", ");
    return [name, show({ ...rows, ...said })];
  });
  return { shown, more: count - shown.length };
}

/** A value of a summary in one line. */
export function show(value: unknown, unit = ""): string {
  if (typeof value === "number") return (Number.isInteger(value) ? String(value) : value.toPrecision(6)) + unit;
  if (Array.isArray(value)) return value.map((item) => show(item)).join(", ");
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([name, inner]) => `${name} ${show(inner, unit)}`)
      .join(" · ");
  }
  return String(value);
}
