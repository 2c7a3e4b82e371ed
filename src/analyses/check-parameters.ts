import * as z from "zod";
import { DriveshaftError, shown } from "../errors.js";
import { similarName } from "../similar-name.js";
import type { Analysis } from "./analysis.js";
import type { ColumnKind } from "../table/kinds.js";

/**
 * Parameters with their defaults filled in. The SQL layer makes the same checks from the same declaration when a job is
 * asked for (sql/functions/check_params.sql); this one stands for files and for jobs that came past it.
 * @throws UNKNOWN_PARAMETER with the nearest name, INVALID_PARAMETER with what was expected
 */
export function checkParameters(analysis: Analysis, parameters: unknown): Record<string, unknown> {
  check(parameterSchema(analysis), parameters, `${analysis.name}: params`);
  return analysis.parameters.parse(parameters);
}

/**
 * Checks a value against a schema. Of several faults the first counts: in an object unknown names come before the
 * values, these in the order of their names, and what is missing last, as a mistyped name is why another is.
 * @param at the path that messages show
 */
function check(schema: ParameterSchema, given: unknown, at: string): void {
  if (schema.oneOf) return check(branchOf(schema.oneOf, given, at), given, at);
  if (schema.anyOf) return check(branchOfKind(schema, given, at), given, at);
  const { type, description = "" } = schema;
  const kind = kindOf(given);
  if (kind !== type && !(type === "integer" && Number.isInteger(given))) {
    throw invalid(`${at} is ${shown(given)}, of type ${kind}`, `Expected ${type}: ${description}.`);
  }
  if (schema.const !== undefined && schema.const !== given) {
    throw invalid(`${at} is ${shown(given)}`, `Expected ${shown(schema.const)}.`);
  }
  if (schema.enum && !schema.enum.includes(given)) {
    throw invalid(`${at} is ${shown(given)}`, `Expected one of ${schema.enum.join(", ")}.`);
  }
  if (typeof given === "number") checkNumber(schema, given, at);
  else if (typeof given === "string") {
    if (given.length < (schema.minLength ?? 0)) throw invalid(`${at} is empty`, `Expected: ${description}.`);
  } else if (Array.isArray(given)) {
    const { minItems = 0, maxItems = Infinity } = schema;
    if (given.length < minItems || given.length > maxItems) {
      throw invalid(`${at} has ${given.length} elements`, `Expected ${minItems} to ${maxItems}: ${description}.`);
    }
    given.forEach((item, place) => check(schema.items!, item, `${at}[${place}]`));
    const twice: unknown = schema.uniqueItems && given.find((item, place) => given.lastIndexOf(item) > place);
    if (twice) throw invalid(`${at} has ${shown(twice)} twice`, `Expected each once: ${description}.`);
  } else if (type === "object") checkObject(schema, given as Record<string, unknown>, at);
}

function branchOf(branches: ParameterSchema[], given: unknown, at: string): ParameterSchema {
  const type = (branch: ParameterSchema): unknown => branch.properties!.type!.const;
  const asked = kindOf(given) === "object" ? (given as { type?: unknown }).type : undefined;
  const branch = branches.find((one) => type(one) === asked);
  if (branch) return branch;
  throw invalid(`${at} is ${shown(given)}`, `Expected an object with type ${branches.map(type).join(", ")}.`);
}

function branchOfKind({ anyOf, description }: ParameterSchema, given: unknown, at: string): ParameterSchema {
  const kind = kindOf(given);
  const branch = anyOf!.find(({ type }) => (type === "integer" ? "number" : type) === kind);
  if (branch) return branch;
  const types = anyOf!.map(({ type }) => type).join(" or ");
  throw invalid(`${at} is ${shown(given)}, of type ${kind}`, `Expected ${types}: ${description}.`);
}

function checkNumber(schema: ParameterSchema, given: number, at: string): void {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum, exclusiveMaximum } = schema;
  const inside =
    given >= minimum &&
    given <= maximum &&
    given > (exclusiveMinimum ?? -Infinity) &&
    given < (exclusiveMaximum ?? Infinity);
  if (inside) return;
  const range =
    schema.minimum === undefined
      ? `a number between ${exclusiveMinimum} and ${exclusiveMaximum}`
      : `${minimum} to ${maximum}`;
  throw invalid(`${at} is ${given}`, `Expected ${range}: ${schema.description}.`);
}

function checkObject(
  { properties = {}, required = [] }: ParameterSchema,
  given: Record<string, unknown>,
  at: string,
): void {
  const names = Object.keys(properties);
  // undefined is as if it were not there, as in JSON
  const came = Object.keys(given)
    .filter((name) => given[name] !== undefined)
    .sort();
  const unknown = came.find((name) => !Object.hasOwn(properties, name));
  if (unknown !== undefined) {
    const near = similarName(unknown, names);
    throw new DriveshaftError("UNKNOWN_PARAMETER", `${at} has no parameter ${shown(unknown)}`, {
      hint: (near ? `Did you mean ${near}? ` : "") + `Expected: ${names.join(", ")}.`,
    });
  }
  for (const name of came) check(properties[name]!, given[name], `${at}.${name}`);
  const missing = required.find((name) => !came.includes(name));
  if (missing !== undefined) {
    throw invalid(`${at}.${missing} is missing`, `Expected: ${properties[missing]!.description}.`);
  }
  for (const [name, { or, needed, description }] of Object.entries(properties)) {
    if (or === undefined) continue;
    const [one, other] = [came.includes(name), came.includes(or)];
    if (one && other) throw invalid(`${at}.${name} and ${at}.${or} are both given`, "Leave one of them out.");
    if (needed && !one && !other) {
      throw invalid(`${at}.${name} is missing`, `Expected: ${description}; or several in ${or}.`);
    }
  }
  const output = given.output ?? properties.output?.default;
  for (const [name, { output: needed }] of Object.entries(properties)) {
    if (needed === undefined || output === needed || !came.includes(name)) continue;
    throw invalid(`${at}.${name} goes with output ${shown(needed)} only`, "Leave it out, or ask for that output.");
  }
  for (const [name, { without }] of Object.entries(properties)) {
    if (without === undefined || !came.includes(without) || !came.includes(name)) continue;
    throw invalid(`${at}.${name} goes without ${without} only`, "Leave one of them out.");
  }
  const number = (name: string): number => (given[name] ?? properties[name]!.default) as number;
  for (const [name, { atMost, description }] of Object.entries(properties)) {
    if (atMost === undefined || number(name) <= number(atMost)) continue;
    const message = `${at}.${name} is ${number(name)}, more than ${atMost}, which is ${number(atMost)}`;
    throw invalid(message, `Expected: ${description}.`);
  }
}

/** The type of a value as JSON Schema has it. */
function kindOf(given: unknown): string {
  return given === null ? "null" : Array.isArray(given) ? "array" : typeof given;
}

const invalid = (message: string, hint: string): DriveshaftError =>
  new DriveshaftError("INVALID_PARAMETER", message, { hint });

/** Columns that a table has under their own names, by what they hold. */
export interface FixedColumns {
  needed?: Record<string, ColumnKind>;
  optional?: Record<string, ColumnKind>;
}

/** The part of JSON Schema that declarations keep to, so that a short checker in SQL understands it. */
export interface ParameterSchema {
  type?: "object" | "string" | "integer" | "number" | "boolean" | "array";
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  /** Objects, each with a `type` of its own; and values of different kinds. */
  oneOf?: ParameterSchema[];
  anyOf?: ParameterSchema[];
  items?: ParameterSchema;
  properties?: Record<string, ParameterSchema>;
  required?: string[];
  additionalProperties?: boolean;
  /** Ours: the parameter names a column of the query that holds this, and these names are tried without it. */
  column?: ColumnKind;
  defaults?: string[];
  /** Ours: this parameter may be given instead, and only one of both. */
  or?: string;
  /** Ours: there must be such a column; and of a further table's id, that its rows are those of the result. */
  needed?: boolean;
  identifies?: boolean;
  /** Ours: the column says what rows are of, in the place of an id of theirs: several may have the same. */
  repeats?: boolean;
  /**
   * Ours: the column is one of this further table, and what this parameter of the query's names is tried there too; of
   * several columns it is what is asked for there.
   */
  of?: string;
  like?: string;
  /** Ours: the parameter is the query of a further table, which has these columns. */
  table?: FixedColumns;
  /** Ours: the parameter goes with this value of `output` only. */
  output?: string;
  /** Ours: the parameter goes with the result only that there is without this one. */
  without?: string;
  /** Ours: the number is at most that of this parameter. */
  atMost?: string;
  /** Ours: this needs polygons, as messages say it; of an enumeration, by value. */
  polygons?: string | Record<string, string>;
  /** Ours: with this the rows need no places. */
  placeless?: boolean;
}

const schemas = new WeakMap<Analysis, ParameterSchema>();

export function parameterSchema(analysis: Analysis): ParameterSchema {
  const known = schemas.get(analysis);
  if (known) return known;
  const schema: Record<string, unknown> = z.toJSONSchema(analysis.parameters, { io: "input" });
  delete schema.$schema;
  schemas.set(analysis, schema);
  return schema;
}
