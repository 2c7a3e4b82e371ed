import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { analyses, findAnalysis } from "../analyses/index.js";
import { DriveshaftError } from "../errors.js";
import { invoker } from "../lambda/invoke.js";
import { awsOf, awsOptions, functionsOfValues, functionsOption, invocationOf } from "./aws.js";
import type { Command } from "./command.js";

export const invokeCommand: Command = {
  name: "invoke",
  summary: "Calls the deployed function of an analysis with an event, and prints its answer.",
  positionals: "ANALYSIS",
  options: {
    event: { type: "string", value: "FILE", description: "JSON file with the event; - for standard input" },
    functions: functionsOption,
    ...awsOptions,
    invocation: {
      type: "string",
      value: "TYPE",
      description: "RequestResponse, the default, waits for the answer; Event hands the event over",
    },
  },
  examples: [
    `driveshaft invoke moran_local --functions 'driveshaft-prod-*' --event event.json`,
    `echo '{"job": "…"}' | driveshaft invoke moran_local --functions 'driveshaft-prod-*' --event -`,
  ],
  async run([name, ...more], values) {
    if (name === undefined || more.length > 0) {
      throw new DriveshaftError("INVALID_PARAMETER", "expected the name of an analysis", {
        hint: `There are: ${analyses.map((analysis) => analysis.name).join(", ")}.`,
      });
    }
    const analysis = findAnalysis(name);
    const event = await readEventFile(values.event as string | undefined);
    const functions = await functionsOfValues(values);
    const sdk = await invoker(awsOf(values));
    try {
      const answer = await sdk.invoke(functions(analysis.name), event, invocationOf(values, "RequestResponse"));
      process.stdout.write(answer === undefined ? "handed over\n" : `${JSON.stringify(answer, null, 2)}\n`);
      const { error } = (answer ?? {}) as { error?: { code: string } };
      if (error) process.exitCode = 1;
    } finally {
      sdk.end();
    }
  },
};

async function readEventFile(file: string | undefined): Promise<unknown> {
  if (file === undefined) {
    throw new DriveshaftError("INVALID_PARAMETER", "no event is given", { hint: "Use --event FILE, or --event -." });
  }
  try {
    return JSON.parse(file === "-" ? await text(process.stdin) : await readFile(file, "utf8"));
  } catch (cause) {
    // what the parser says may quote a key
    const why = cause instanceof SyntaxError ? "it is not JSON" : (cause as Error).message;
    throw new DriveshaftError("INVALID_PARAMETER", `the event ${file} cannot be read: ${why}`, { cause });
  }
}
