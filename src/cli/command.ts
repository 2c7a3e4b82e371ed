import { parseArgs } from "node:util";
import { DriveshaftError } from "../errors.js";
import { MAX_THREADS } from "../statistics/inference.js";

/** An option of a command, as its help shows it. */
export interface Option {
  type: "string" | "boolean";
  /** What stands for the value in the help, for strings. */
  value?: string;
  description: string;
  /** May be given more than once. */
  multiple?: boolean;
}

export type Values = Record<string, string | boolean | string[] | undefined>;

/** A command, declared once: its help and the parsing of its arguments come from this. */
export interface Command {
  name: string;
  summary: string;
  /** Arguments after the name, as the help shows them. */
  positionals: string;
  options: Record<string, Option>;
  examples?: string[];
  run(positionals: string[], values: Values): Promise<void>;
}

export const databaseOption: Option = {
  type: "string",
  value: "URL",
  description: "PostgreSQL connection, postgres://, rds-iam:// or secretsmanager://; default $DATABASE_URL",
};

/** @throws INVALID_PARAMETER where neither the option nor the environment names a database */
export function databaseUrl(values: Values): string {
  const url = (values.database as string | undefined) ?? process.env.DATABASE_URL;
  if (url) return url;
  throw new DriveshaftError("INVALID_PARAMETER", "no database is given", {
    hint: "Use --database postgres://user@host/name, or set DATABASE_URL.",
  });
}

export const threadsOption = (byDefault: string): Option => ({
  type: "string",
  value: "NUMBER",
  description: `threads of a computation, default ${byDefault}; the result does not depend on it`,
});

/** @throws INVALID_PARAMETER */
export function threadsOf(values: Values, byDefault: number): number {
  const threads = values.threads === undefined ? Math.min(byDefault, MAX_THREADS) : Number(values.threads);
  if (Number.isInteger(threads) && threads >= 1 && threads <= MAX_THREADS) return threads;
  throw new DriveshaftError(
    "INVALID_PARAMETER",
    `--threads is ${String(values.threads)}, expected a whole number from 1 to ${MAX_THREADS}`,
  );
}

/** @throws INVALID_PARAMETER */
export function wholeNumber(values: Values, name: string, byDefault: number): number {
  const given = values[name] === undefined ? byDefault : Number(values[name]);
  if (Number.isInteger(given) && given >= 1) return given;
  throw new DriveshaftError(
    "INVALID_PARAMETER",
    `--${name} is ${String(values[name])}, expected a whole number of at least 1`,
  );
}

/** The option --params. @throws INVALID_PARAMETER */
export function readParameters(text: string | undefined): unknown {
  if (text === undefined) return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DriveshaftError("INVALID_PARAMETER", `--params is not JSON: ${(cause as Error).message}`, { cause });
  }
}

export async function runCommand(command: Command, args: string[]): Promise<void> {
  const options = { ...command.options, help: { type: "boolean" as const, description: "show this help" } };
  let parsed;
  try {
    const config = Object.fromEntries(
      Object.entries(options).map(([name, { type, ...rest }]) => [
        name,
        { type, multiple: "multiple" in rest && rest.multiple === true },
      ]),
    );
    parsed = parseArgs({ args, options: config, allowPositionals: true });
  } catch (cause) {
    throw new DriveshaftError("INVALID_PARAMETER", (cause as Error).message, {
      hint: `See driveshaft ${command.name} --help.`,
      cause,
    });
  }
  if (parsed.values.help) process.stdout.write(help(command));
  else await command.run(parsed.positionals, parsed.values as Values);
}

function help(command: Command): string {
  const options = Object.entries(command.options).map(([name, { type, value, description }]) => [
    `--${name}${type === "string" ? ` ${value ?? "VALUE"}` : ""}`,
    description,
  ]);
  const width = Math.max(...options.map(([name]) => name!.length), 6);
  const lines = options.map(([name, description]) => `  ${name!.padEnd(width)}  ${description}`);
  const examples = command.examples
    ? `\nExamples\n${command.examples.map((example) => `  ${example}\n`).join("")}`
    : "";
  return `driveshaft ${command.name} ${command.positionals}\n${command.summary}\n\nOptions\n${lines.join("\n")}\n  ${"--help".padEnd(width)}  show this help\n${examples}`;
}
