import * as z from "zod";

/** What a column of a source is needed for. */
export type ColumnKind = "id" | "geometry" | "number" | "label" | "cell" | "time";

/**
 * A parameter that names a column. It says so in its metadata, which goes into the JSON Schema of the catalogue: what
 * the column must hold, and which names are tried where the parameter is absent.
 */
export function columnParameter(kind: ColumnKind, description: string, defaults?: string[]): z.ZodString {
  return z
    .string()
    .min(1)
    .meta({ description, column: kind, ...(defaults && { defaults }) });
}
