import * as z from "zod";
import { inputParameters, idParameter, type Input, type ValuesOf } from "./inputs.js";

/** A table beside the query, from which an analysis reads too. */
export interface FurtherTable<Inputs extends Record<string, Input> = Record<string, Input>> {
  description: string;
  /** What is read of each of its rows. Parameters of columns have their own names, those of id and place its before. */
  inputs: Inputs;
  /** It need not be given. */
  optional?: boolean;
}

/** What `run` gets of a further table: what was read of the rows that can be used. */
export type TableValues<Inputs extends Record<string, Input>> = ValuesOf<Inputs> & {
  /** Number of rows used. */
  n: number;
};

export type TablesOf<Tables extends Record<string, FurtherTable>> = {
  [Name in keyof Tables]: Tables[Name] extends { optional: true }
    ? TableValues<Tables[Name]["inputs"]> | undefined
    : TableValues<Tables[Name]["inputs"]>;
};

/** Declares a further table. */
export const table = <Inputs extends Record<string, Input>>(
  description: string,
  inputs: Inputs,
): FurtherTable<Inputs> => ({ description, inputs });

/** Declares one that need not be given; `run` gets undefined then. */
export const optionalTable = <Inputs extends Record<string, Input>>(
  description: string,
  inputs: Inputs,
): FurtherTable<Inputs> & { optional: true } => ({ description, inputs, optional: true });

/**
 * The parameters of further tables: their queries, and what names columns in them.
 * @param rows the table whose rows are those of the result, if one's are
 * @param ofQuery parameters that name columns of the query; where one of a table names several under the same name, it
 * has the table's before it, and is what the query's is by default
 */
export const tableParameters = (
  tables: Record<string, FurtherTable>,
  rows: string | undefined,
  ofQuery: string[],
): z.ZodRawShape =>
  Object.assign(
    {},
    ...Object.entries(tables).map(([name, of]) => parametersOf(name, of, name === rows, ofQuery)),
  ) as z.ZodRawShape;

/** What every table may have, whatever the query has. */
const LOCATING = ["id", "geometry", "x", "y"];

function parametersOf(
  table: string,
  { description, inputs, optional }: FurtherTable,
  identifies: boolean,
  ofQuery: string[],
): z.ZodRawShape {
  const query = z
    .string()
    .min(1)
    .meta({ description: `a SELECT of ${description}`, table: {} });
  const id = idParameter({ needed: true, identifies });
  const columns = Object.entries({ id, ...inputParameters(inputs) }).map(([name, schema]) => {
    const isShared = LOCATING.includes(name) || (ofQuery.includes(name) && schema instanceof z.ZodArray);
    if (!isShared) return [name, schema.meta({ of: table })] as const;
    const { description: what } = (schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema).meta()!;
    const meta = { description: `of ${table}: ${what}; default also what ${name} is`, of: table, like: name };
    return [`${table}_${name}`, (schema as z.ZodType).optional().meta(meta)] as const;
  });
  return { [table]: optional ? query.optional() : query, ...Object.fromEntries(columns) };
}
