import * as z from "zod";
import { DriveshaftError, shown } from "../errors.js";
import { nearest } from "../nearest.js";
import type { Analysis } from "./analysis.js";
import type { ColumnKind } from "./parameters.js";

/**
 * Parameters with their defaults filled in. The SQL layer makes the same checks from the same declaration when a job is
 * asked for; this one stands for files and for jobs that came past it.
 * @throws UNKNOWN_PARAMETER with the nearest name, INVALID_PARAMETER with what was expected
 */
export function checkParameters(analysis: Analysis, parameters: unknown): Record<string, unknown> {
  const result = analysis.parameters.safeParse(parameters);
  if (result.success) return result.data;
  // a mistyped name first: it is why another is missing
  const { issues } = result.error;
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0]!;
  const path = ["params", ...issue.path].join(".");
  if (issue.code === "unrecognized_keys") {
    const names = parameterNames(analysis, issue.path);
    const near = nearest(issue.keys[0]!, names);
    throw new DriveshaftError(
      "UNKNOWN_PARAMETER",
      `${analysis.name}: ${path} has no parameter ${shown(issue.keys[0])}`,
      {
        hint: (near ? `Did you mean ${near}? ` : "") + `Expected: ${names.join(", ")}.`,
      },
    );
  }
  const came = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    parameters,
  );
  throw new DriveshaftError("INVALID_PARAMETER", `${analysis.name}: ${path} is ${shown(came)}; ${issue.message}`, {
    hint: `See driveshaft analyses ${analysis.name}.`,
  });
}

function parameterNames(analysis: Analysis, path: PropertyKey[]): string[] {
  if (path.length === 0) return Object.keys(analysis.parameters.shape);
  const schema = parameterSchema(analysis).properties?.[String(path[0])];
  const branches = schema?.oneOf ?? [schema];
  return [...new Set(branches.flatMap((branch) => Object.keys(branch?.properties ?? {})))];
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
  oneOf?: ParameterSchema[];
  items?: ParameterSchema;
  properties?: Record<string, ParameterSchema>;
  required?: string[];
  additionalProperties?: boolean;
  /** Ours: the parameter names a column of the query that holds this, and these names are tried without it. */
  column?: ColumnKind;
  defaults?: string[];
}

export function parameterSchema(analysis: Analysis): ParameterSchema {
  const schema: Record<string, unknown> = z.toJSONSchema(analysis.parameters, { io: "input" });
  delete schema.$schema;
  return schema;
}
