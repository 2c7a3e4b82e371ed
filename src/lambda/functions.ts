import { readFile } from "node:fs/promises";
import { DriveshaftError } from "../errors.js";

/** The function of each analysis: its name, or its ARN. */
export type Functions = (analysis: string) => string;

/**
 * How functions are named: by a pattern in which * stands for the analysis, such as `driveshaft-prod-*` or an ARN that
 * ends so, or by a JSON object of analyses and names.
 * @throws INVALID_PARAMETER
 */
export function functionsOf(naming: string): Functions {
  if (naming.trimStart().startsWith("{")) {
    const names = parse(naming);
    return (analysis) => {
      const name = names[analysis];
      if (name !== undefined) return name;
      throw new DriveshaftError("INVOKE_FAILED", `no function is named for ${analysis}`, {
        hint: `There are functions for ${Object.keys(names).join(", ")}.`,
      });
    };
  }
  if (naming.split("*").length === 2) return (analysis) => naming.replace("*", analysis);
  throw new DriveshaftError("INVALID_PARAMETER", `the functions are ${JSON.stringify(naming)}`, {
    hint: "Expected a name in which one * stands for the analysis, such as driveshaft-prod-*, or a JSON file of analyses and names.",
  });
}

/** As given on the command line: a pattern, or a JSON file. */
export async function functionsOfOption(option: string): Promise<Functions> {
  if (!option.endsWith(".json")) return functionsOf(option);
  const text = await readFile(option, "utf8").catch((cause: unknown) => {
    throw new DriveshaftError("INVALID_PARAMETER", `${option} cannot be read: ${(cause as Error).message}`, { cause });
  });
  return functionsOf(text.trim() || "{}");
}

function parse(text: string): Record<string, string> {
  try {
    const names = JSON.parse(text) as Record<string, unknown>;
    if (Object.values(names).every((name) => typeof name === "string")) return names as Record<string, string>;
  } catch {
    // said below
  }
  throw new DriveshaftError("INVALID_PARAMETER", "the functions are not a JSON object of analyses and names");
}
