/** The tables of examples; src/analyses/example-tables.ts has their rows. */
export type ExampleTable = "counties" | "airports" | "hospitals" | "cases";

/** A run that shows what an analysis does: from it come tests, the documentation's synopsis, and estimates. */
export interface Example<Tables extends string = string> {
  /** The table whose rows the query gives. */
  of: ExampleTable;
  /** Parameters, without further tables. */
  parameters: Record<string, unknown>;
  /** Further tables, by their names. */
  tables?: Partial<Record<Tables, ExampleTable>>;
}
