import { genericName, type Analysis } from "../analyses/analysis.js";
import { analyses, findAnalysis } from "../analyses/index.js";
import { parameterSchema, type ParameterSchema } from "../analyses/check-parameters.js";
import type { Command } from "./command.js";

export const analysesCommand: Command = {
  name: "analyses",
  summary: "Lists the analyses, or shows one with its parameters and result columns.",
  positionals: "[ANALYSIS]",
  options: { json: { type: "boolean", description: "print the declarations as JSON" } },
  run([name], values) {
    const chosen = name === undefined ? analyses : [findAnalysis(name)];
    if (values.json) {
      const all = chosen.map((analysis) => ({
        name: analysis.name,
        title: analysis.title,
        description: analysis.description,
        version: analysis.version,
        parameters: parameterSchema(analysis),
        columns: analysis.columns,
      }));
      process.stdout.write(`${JSON.stringify(name === undefined ? all : all[0], null, 2)}\n`);
    } else if (name === undefined) {
      for (const analysis of analyses) process.stdout.write(`${analysis.name.padEnd(14)} ${analysis.title}\n`);
    } else process.stdout.write(textOf(chosen[0]!));
    return Promise.resolve();
  },
};

const rowsInWords: Record<Analysis["rows"], string> = {
  each: "the id column, and a row for every row read",
  any: "the id column, and rows for rows read",
  one: "one row",
  several: "several rows",
};

/** An analysis with its parameters and result columns, for people. */
export function textOf(analysis: Analysis): string {
  const schema = parameterSchema(analysis);
  const parameters = Object.entries(schema.properties!).map(
    ([name, property]) =>
      `  ${name.padEnd(16)} ${describeParameter(property, schema.required?.includes(name) ?? false)}`,
  );
  const outputs = analysis.outputs ?? [{ when: "", analysis }];
  const results = outputs.flatMap(({ when, analysis: { rows, of, columns } }) => [
    "",
    `Result${when && ` ${when}`}: ${of ? `the id column of ${of}, and rows for its rows` : rowsInWords[rows]}`,
    ...columns.map((column) => `  ${genericName(column).padEnd(16)} ${column.type.padEnd(7)} ${column.description}`),
  ]);
  const { name, title, description } = analysis;
  return [`${name}: ${title}`, description, "", "Parameters", ...parameters, ...results, ""].join("\n");
}

/** A parameter in a line: what it is, its values, its default. */
export function describeParameter(schema: ParameterSchema, required: boolean): string {
  const notes = [];
  if (required) notes.push("required");
  if (schema.output) notes.push(`with output ${schema.output} only`);
  if (schema.without) notes.push(`without ${schema.without} only`);
  if (schema.or) notes.push(schema.needed ? `required, or ${schema.or}` : `or ${schema.or}`);
  if (schema.enum) notes.push(schema.enum.join(" | "));
  if (schema.uniqueItems) notes.push(`at most ${schema.maxItems}`);
  if (schema.minimum !== undefined && schema.maximum !== undefined)
    notes.push(`${schema.minimum} to ${schema.maximum}`);
  if (schema.exclusiveMinimum !== undefined)
    notes.push(`between ${schema.exclusiveMinimum} and ${schema.exclusiveMaximum}`);
  if (schema.default !== undefined) notes.push(`default ${JSON.stringify(schema.default)}`);
  if (schema.defaults) notes.push(`default ${schema.defaults.join(", else ")}`);
  return (schema.description ?? "") + (notes.length > 0 ? ` (${notes.join("; ")})` : "");
}
