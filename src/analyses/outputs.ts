import * as z from "zod";
import type { Analysis } from "./analysis.js";

/** The parameter that says which of several results is wanted. */
export const OUTPUT = "output";

/**
 * An analysis of several results, of which the parameter `output` asks for one, the first by default. Each is declared
 * as an analysis of its own, of the same name and inputs; what only one has, a column or a parameter, says so in
 * `output`.
 */
export function byOutput(description: string, outputs: Record<string, Analysis>): Analysis {
  const names = Object.keys(outputs);
  const all = Object.values(outputs);
  const output = z
    .enum(names as [string, ...string[]])
    .default(names[0]!)
    .describe(description);
  const shape = Object.assign({}, ...all.map(({ parameters }) => parameters.shape)) as z.ZodRawShape;
  const parameters = Object.entries(shape).flatMap(([name, schema]) => {
    const having = names.filter((each) => name in outputs[each]!.parameters.shape);
    const own = having.length === all.length ? schema : (schema as z.ZodType).meta({ output: having[0]! });
    return name === "by" ? [[OUTPUT, output] as const, [name, own] as const] : [[name, own] as const];
  });
  return {
    ...all[0]!,
    parameters: z.strictObject(Object.fromEntries(parameters)),
    columns: names.flatMap((name) => outputs[name]!.columns.map((column) => ({ ...column, output: name }))),
    outputs: Object.entries(outputs).map(([name, analysis]) => ({
      when: `with output ${name}`,
      isAsked: ({ output = names[0] }) => output === name,
      analysis: withParameters(analysis, { output: name }),
    })),
    run: (inputs, options, context) => outputs[options[OUTPUT] as string]!.run(inputs, options, context),
  };
}

/**
 * An analysis of two results: the rows of one are the query's, those of the other a further table's, where that is
 * given. Each is declared as an analysis of its own, of the same name and inputs; the second has the table, and of the
 * columns those that its rows can have. What it has not says so in `without`.
 */
export function byTable(table: string, rows: Analysis, targets: Analysis): Analysis {
  const has = (column: { name: string }): boolean => targets.columns.some(({ name }) => name === column.name);
  const own = Object.entries(rows.parameters.shape).flatMap(([name, schema]) =>
    name in targets.parameters.shape ? [] : [[name, (schema as z.ZodType).meta({ without: table })] as const],
  );
  return {
    ...rows,
    tables: targets.tables,
    parameters: z.strictObject({ ...targets.parameters.shape, ...Object.fromEntries(own) }),
    columns: rows.columns.map((column) => (has(column) ? column : { ...column, without: table })),
    outputs: [
      { when: `without ${table}`, isAsked: (parameters) => parameters[table] === undefined, analysis: rows },
      { when: `with ${table}`, isAsked: (parameters) => parameters[table] !== undefined, analysis: targets },
    ],
  };
}

const withParameters = (analysis: Analysis, parameters: object): Analysis => ({
  ...analysis,
  example: { ...analysis.example, parameters: { ...analysis.example.parameters, ...parameters } },
});
