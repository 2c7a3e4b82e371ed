import { DriveshaftError } from "../errors.js";
import { functionsOfOption, type Functions } from "../lambda/functions.js";
import type { InvokerOptions } from "../lambda/invoke.js";
import type { Option, Values } from "./command.js";

/** Environment variable with the names of the functions. */
const VARIABLE = "DRIVESHAFT_FUNCTIONS";

export const functionsOption: Option = {
  type: "string",
  value: "NAMES",
  description: `names or ARNs of the functions, with * for the analysis, or a JSON file of them; default $${VARIABLE}`,
};

export const awsOptions: Record<string, Option> = {
  region: { type: "string", value: "REGION", description: "region of AWS, default as the tools of AWS find it" },
  endpoint: { type: "string", value: "URL", description: "another place than AWS, such as serverless offline" },
};

/** @throws INVALID_PARAMETER */
export function functionsOfValues(values: Values): Promise<Functions> {
  const given = (values.functions as string | undefined) ?? process.env[VARIABLE];
  if (given) return functionsOfOption(given);
  throw new DriveshaftError("INVALID_PARAMETER", "no functions are named", {
    hint: `Use --functions 'driveshaft-prod-*', or set ${VARIABLE}.`,
  });
}

export const awsOf = ({ region, endpoint }: Values): InvokerOptions => ({
  region: region as string | undefined,
  endpoint: endpoint as string | undefined,
});

/** @throws INVALID_PARAMETER */
export function invocationOf(values: Values, byDefault: "Event" | "RequestResponse"): "Event" | "RequestResponse" {
  const { invocation = byDefault } = values;
  if (invocation === "Event" || invocation === "RequestResponse") return invocation;
  throw new DriveshaftError(
    "INVALID_PARAMETER",
    `--invocation is ${String(invocation)}, expected Event or RequestResponse`,
  );
}
