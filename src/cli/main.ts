#!/usr/bin/env node
import { DriveshaftError, plainError } from "../errors.js";
import { similarName } from "../similar-name.js";
import { analysesCommand } from "./analyses.js";
import { runCommand, type Command } from "./command.js";
import { compareCommand } from "./compare.js";
import { demoCommand } from "./demo.js";
import { estimateCommand } from "./estimate.js";
import { installCommand } from "./install.js";
import { invokeCommand } from "./invoke.js";
import { runAnalysisCommand } from "./run.js";
import { statusCommand } from "./status.js";
import { uninstallCommand } from "./uninstall.js";
import { workerCommand } from "./worker.js";

const commands: Command[] = [
  runAnalysisCommand,
  estimateCommand,
  installCommand,
  workerCommand,
  invokeCommand,
  statusCommand,
  analysesCommand,
  compareCommand,
  demoCommand,
  uninstallCommand,
];

function help(): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(9)} ${summary}`);
  return `driveshaft: spatial statistics off the database\n\nCommands\n${lines.join("\n")}\n\nSee driveshaft COMMAND --help.\n`;
}

async function main([name, ...args]: string[]): Promise<void> {
  // arguments may hold passwords, which others could read in the list of processes
  process.title = `driveshaft ${name ?? ""}`;
  if (name === undefined || name === "help" || name === "--help" || name === "-h")
    return void process.stdout.write(help());
  const command = commands.find((candidate) => candidate.name === name);
  if (command) return runCommand(command, args);
  const near = similarName(
    name,
    commands.map((candidate) => candidate.name),
  );
  throw new DriveshaftError("INVALID_PARAMETER", `there is no command ${JSON.stringify(name)}`, {
    hint: near ? `Did you mean ${near}? See driveshaft --help.` : "See driveshaft --help.",
  });
}

// whoever reads what is printed may go, as head does, and a log's disk may be full: the work goes on
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

try {
  await main(process.argv.slice(2));
} catch (error) {
  const { code, message, hint } = plainError(error);
  process.stderr.write(`driveshaft: ${code}: ${message}\n${hint ? `${hint}\n` : ""}`);
  if (code === "INTERNAL" && process.env.DRIVESHAFT_DEBUG) console.error(error);
  process.exitCode = 1;
}
