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
    outputs,
    run: (inputs, options, context) => outputs[options[OUTPUT] as string]!.run(inputs, options, context),
  };
}
