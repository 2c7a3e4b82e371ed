import * as z from "zod";
import { columnParameter } from "../table/kinds.js";

/** The input that is the variable of an analysis, and the parameter that names many in its place. */
export const VARIABLE = "value";
export const VARIABLES = "values";

/** The column of a result of many variables that says which a row is of. */
export const VARIABLE_COLUMN = "variable";

/** Variables of one job, at most. */
const MOST_VARIABLES = 1000;

const variables = z
  .array(columnParameter("number", "a column of numbers"))
  .min(1)
  .max(MOST_VARIABLES)
  .meta({
    description: `columns with variables: the analysis is run on each as ${VARIABLE}, and the result says which in ${VARIABLE_COLUMN}`,
    uniqueItems: true,
  })
  .optional();

/** Parameters of inputs: where one is a column of numbers called value, several can be given in its place. */
export function withVariables(parameters: z.ZodRawShape): z.ZodRawShape {
  const value = parameters[VARIABLE] as z.ZodType | undefined;
  if (!value || VARIABLES in parameters) return parameters;
  const isOptional = value instanceof z.ZodOptional;
  const column = isOptional ? (value.unwrap() as z.ZodType) : value;
  if (column.meta()?.column !== "number") return parameters;
  const one = column.meta({ or: VARIABLES, ...(!isOptional && { needed: true }) }).optional();
  return Object.fromEntries(
    Object.entries({ ...parameters, [VARIABLE]: one }).flatMap(([name, schema]) =>
      name === VARIABLE ? [[name, schema] as const, [VARIABLES, variables] as const] : [[name, schema] as const],
    ),
  );
}

/** The names of the variables where a job is of many. */
export function variablesOf(
  { parameters: { shape } }: { parameters: z.ZodObject },
  given: Record<string, unknown>,
): string[] | undefined {
  const value = shape[VARIABLE] as z.ZodType | undefined;
  const isOneOfMany = value instanceof z.ZodOptional && (value.unwrap() as z.ZodType).meta()?.or === VARIABLES;
  return isOneOfMany ? (given[VARIABLES] as string[] | undefined) : undefined;
}
