/** A value as files and people have it. */
export type Cell = number | string | boolean | null | Cell[] | Record<string, unknown>;

/** A value in one line; that of none is the word null. */
export const cellText = (cell: Cell): string =>
  typeof cell === "object" && cell !== null ? JSON.stringify(cell) : String(cell);
