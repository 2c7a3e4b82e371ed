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
 * An analysis of two results, one where a parameter is given, such as a further table whose rows it has, and one
 * without. Each is declared as an analysis of its own, of the same name; the parameter is the second's. What only the
 * first has, a column or a parameter, says so in `without`.
 */
export function byGiven(parameter: string, without: Analysis, given: Analysis): Analysis {
  const named = (columns: { name: string }[], name: string): boolean => columns.some((column) => column.name === name);
  const own = Object.entries(without.parameters.shape).flatMap(([name, schema]) =>
    name in given.parameters.shape ? [] : [[name, (schema as z.ZodType).meta({ without: parameter })] as const],
  );
  const choosing = (given.parameters.shape[parameter] as z.ZodType).optional();
  return {
    ...without,
    tables: given.tables,
    parameters: z.strictObject({
      ...given.parameters.shape,
      [parameter]: choosing,
      ...Object.fromEntries(own),
    }),
    columns: [
      ...without.columns.map((column) =>
        named(given.columns, column.name) ? column : { ...column, without: parameter },
      ),
      ...given.columns.filter(({ name }) => !named(without.columns, name)),
    ],
    outputs: [
      { when: `without ${parameter}`, isAsked: (all) => all[parameter] === undefined, analysis: without },
      { when: `with ${parameter}`, isAsked: (all) => all[parameter] !== undefined, analysis: given },
    ],
  };
}

const withParameters = (analysis: Analysis, parameters: object): Analysis => ({
  ...analysis,
  example: { ...analysis.example, parameters: { ...analysis.example.parameters, ...parameters } },
});
