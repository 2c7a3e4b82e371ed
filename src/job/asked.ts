import type { ParameterSchema } from "../analyses/check-parameters.js";
import type { ColumnKind } from "../table/kinds.js";

/** A column that is looked for, by names of which the first that is there counts. */
export interface Wanted {
  parameter: string;
  kind: ColumnKind;
  names: string[];
  /** Given, or one that the table must have under this name; not a default. */
  named: boolean;
}

/** What parameters ask of a table: of the query's rows, or of a further one. */
export interface Asked {
  columns: Wanted[];
  /** What needs polygons, as messages say it. */
  polygons: string[];
  /** What is asked for does without places. */
  placeless?: boolean;
}

/** A further table that parameters ask for, by the parameter that does, and its query. */
export interface AskedTable extends Asked {
  table: string;
  query: string;
}

/**
 * What parameters ask for, at any depth: an object's columns have its name before theirs. In the order of the names, so
 * that of several faults the same one counts everywhere. The SQL layer walks in the same way
 * (sql/functions/asked_of.sql).
 */
export function askedOf(
  properties: Record<string, ParameterSchema>,
  parameters: Record<string, unknown>,
): { rows: Asked; tables: AskedTable[] } {
  const rows: Asked = { columns: [], polygons: [] };
  const tables: AskedTable[] = [];
  const inTables: [table: string, column: Wanted][] = [];

  function visit(parameter: string, schema: ParameterSchema, own: unknown, root: string): void {
    const { column, table, items, oneOf, polygons, like, of = root } = schema;
    const given = own ?? (items && like !== undefined ? parameters[like] : undefined);
    if (column) {
      const wanted = wantedOf(parameter, schema, given, parameters);
      if (of === "") rows.columns.push(wanted);
      else inTables.push([of, wanted]);
      return;
    }
    if (given === undefined) return;
    if (table) {
      const name = parameter.split(".")[0]!;
      tables.push({ table: name, query: given as string, columns: [], polygons: [] });
      const fixed = (columns: Record<string, ColumnKind> = {}, named: boolean): void => {
        for (const [own, kind] of Object.entries(columns))
          inTables.push([name, { parameter, kind, names: [own], named }]);
      };
      fixed(table.needed, true);
      fixed(table.optional, false);
    }
    if (items) for (const item of given as unknown[]) visit(parameter, items, item, of);
    if (oneOf) {
      const branch = branchOf(oneOf, given);
      if (typeof branch.polygons === "string") rows.polygons.push(branch.polygons);
      for (const [name, inner] of Object.entries(branch.properties!)) {
        const under = inner.column || inner.table ? `${parameter}.${name}` : parameter;
        visit(under, inner, (given as Record<string, unknown>)[name], of);
      }
    }
    if (typeof polygons === "object" && polygons[given as string]) rows.polygons.push(polygons[given as string]!);
  }

  for (const [name, schema] of Object.entries(properties)) {
    const given = parameters[name];
    if (schema.oneOf && given !== undefined && branchOf(schema.oneOf, given).placeless) rows.placeless = true;
    visit(name, schema, given, "");
  }
  for (const [name, column] of inTables) tables.find(({ table }) => table === name)?.columns.push(column);
  const byParameter = (a: Wanted, b: Wanted): number => compare(a.parameter, b.parameter);
  for (const { columns } of [rows, ...tables]) columns.sort(byParameter);
  tables.sort((a, b) => compare(a.table, b.table));
  return { rows, tables };
}

const branchOf = (oneOf: ParameterSchema[], given: unknown): ParameterSchema =>
  oneOf.find(({ properties }) => properties!.type!.const === (given as { type: string }).type)!;

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function wantedOf(
  parameter: string,
  { column, defaults = [], like }: ParameterSchema,
  given: unknown,
  parameters: Record<string, unknown>,
): Wanted {
  const kind = column!;
  if (given !== undefined) return { parameter, kind, names: [given as string], named: true };
  const alike = like === undefined ? undefined : parameters[like];
  return { parameter, kind, names: alike === undefined ? defaults : [alike as string, ...defaults], named: false };
}
