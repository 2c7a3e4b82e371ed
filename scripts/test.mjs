/**
 * Runs the suite on both builds, side by side where there are two processors: on the fast kernels and the embedded
 * server, and on the kernels that check every index and Debian's server. The arguments go to both runs of mocha.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { text } from "node:stream/consumers";

const mocha = ["node_modules/mocha/bin/mocha.js", ...process.argv.slice(2)];

/** Runs mocha; its output is returned where it is not to be seen at once. */
async function run(args, output) {
  const child = spawn(process.execPath, [...mocha, ...args], { stdio: ["inherit", output, output] });
  const [[code], ...outputs] = await Promise.all([
    once(child, "close"),
    ...[child.stdout, child.stderr].filter(Boolean).map(text),
  ]);
  // a run that a signal ended has no code
  if (code !== 0) process.exitCode = code ?? 1;
  return outputs.join("");
}

const onFast = () => run([], "inherit");
const onChecked = (output) => run(["--require", "./test/checked-kernels.cjs"], output);
if (availableParallelism() > 1) {
  const [, later] = await Promise.all([onFast(), onChecked("pipe")]);
  process.stdout.write(`\nOn the checked kernels and Debian's server\n${later}`);
} else {
  await onFast();
  await onChecked("inherit");
}
