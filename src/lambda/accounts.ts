import * as z from "zod";
import { readSecret, secretId } from "../aws/secrets.js";
import type { Account } from "../carto/calls.js";
import { DriveshaftError } from "../errors.js";

const account = z.strictObject({ url: z.string().min(1), api_key: z.string().min(1) });
const accounts = z.record(z.string(), z.union([z.string().refine((text) => secretId(text) !== undefined), account]));

/**
 * An account of CARTO by its name in DRIVESHAFT_ACCOUNTS, a JSON object whose values are accounts, `{"url",
 * "api_key"}`, or `secretsmanager://ID`, a secret with one. An event names it, so that no key is in an event: AWS keeps
 * those that fail. Messages show no values.
 * @throws INVALID_EVENT where there is none of that name, CONNECTION_FAILED where it cannot be read
 */
export async function accountNamed(name: string, environment: NodeJS.ProcessEnv = process.env): Promise<Account> {
  const variable = "DRIVESHAFT_ACCOUNTS";
  const known = read(
    accounts,
    environment[variable] ?? "{}",
    `the variable ${variable} is no JSON of accounts of CARTO`,
  );
  const reference = new Map(Object.entries(known)).get(name);
  if (reference === undefined) {
    throw new DriveshaftError(
      "INVALID_EVENT",
      "the function knows no account of CARTO by the name that the event has",
      { hint: `carto is a name that ${variable} lists.` },
    );
  }
  if (typeof reference !== "string") return { url: reference.url, apiKey: reference.api_key };
  const id = secretId(reference)!;
  const text = await readSecret(id);
  const { url, api_key: apiKey } = read(account, text, `the secret ${id} is no JSON of an account of CARTO`);
  return { url, apiKey };
}

function read<Shape>(shape: z.ZodType<Shape>, text: string, otherwise: string): Shape {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const { success, data } = shape.safeParse(value);
  if (success) return data;
  throw new DriveshaftError("CONNECTION_FAILED", otherwise, {
    hint: 'An account is {"url": "https://user.carto.com", "api_key": "..."}.',
  });
}
