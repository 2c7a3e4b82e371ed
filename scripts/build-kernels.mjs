/**
 * Compiles every kernel family of assembly/ into build/<target>/<family>.wasm, for each target of asconfig.json, and
 * writes what TypeScript sees of it to src/kernels/generated/<family>.ts. A module is built again where its sources,
 * their options, the compiler or these scripts have changed since; build/kernels.json holds what it was built of.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { handle, KeepProgram } from "./kernel-handle.mjs";

/** Only families that run on several threads need the build for shared memory. */
const threaded = ["autocorrelation", "dbscan", "gwr"];

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const RECORD = "build/kernels.json";
const HANDLES = "src/kernels/generated";
const json = async (file) => JSON.parse(await readFile(file, "utf8"));
const { options, targets } = await json("asconfig.json");
const { version } = await json("node_modules/assemblyscript/package.json");
const scripts = await Promise.all(
  ["build-kernels.mjs", "kernel-handle.mjs"].map((name) => readFile(`scripts/${name}`, "utf8")),
);
const entries = await readdir("assembly", { withFileTypes: true });
const families = entries.filter((e) => e.isFile() && e.name.endsWith(".ts")).map((e) => e.name.slice(0, -3));

/** A source and all that it imports, in the order in which they are met: text by path. */
async function sourcesOf(file, sources = new Map()) {
  if (sources.has(file)) return sources;
  const text = await readFile(file, "utf8");
  sources.set(file, text);
  for (const [, from] of text.matchAll(/^(?:import|export)\b[^;]*?\bfrom "(\.[^"]+)"/gm)) {
    await sourcesOf(path.join(path.dirname(file), `${from}.ts`), sources);
  }
  return sources;
}

/** What a module is built of, as a digest. */
async function ingredients(family, target) {
  const sources = [...(await sourcesOf(`assembly/${family}.ts`))];
  const all = JSON.stringify([version, scripts, options, targets[target], sources]);
  return createHash("sha256").update(all).digest("hex");
}

/** Compiles a family; its handle comes of the build for use. */
async function compile(family, target, out) {
  // loading the compiler takes longer than finding out that there is nothing to do
  const { default: asc } = await import("assemblyscript/asc");
  const kept = new KeepProgram();
  const args = [`assembly/${family}.ts`, "--config", "asconfig.json", "--target", target, "--outFile", out];
  const { error, stderr } = await asc.main(args, {
    readFile: (name) => readFile(name, "utf8").catch(() => null),
    transforms: [kept],
  });
  if (error) {
    process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
    process.exit(1);
  }
  if (target === "fast") await writeFile(handleOf(family), handle(kept.program, family, threaded.includes(family)));
}

const handleOf = (family) => `${HANDLES}/${family}.ts`;
const exists = (file) =>
  stat(file).then(
    () => true,
    () => false,
  );

await mkdir(HANDLES, { recursive: true });
for (const name of await readdir(HANDLES)) {
  if (!families.includes(path.basename(name, ".ts"))) await rm(`${HANDLES}/${name}`);
}
const built = await json(RECORD).catch(() => ({}));
for (const target of Object.keys(targets)) {
  await mkdir(`build/${target}`, { recursive: true });
  for (const family of families) {
    if (target === "threads" && !threaded.includes(family)) continue;
    const out = `build/${target}/${family}.wasm`;
    const digest = await ingredients(family, target);
    if (built[out] === digest && (await exists(out)) && (await exists(handleOf(family)))) continue;
    await compile(family, target, out);
    built[out] = digest;
    // after each, so that a build that is cut short goes on from there
    await writeFile(RECORD, JSON.stringify(built, undefined, 2));
    process.stderr.write(`${out} ${(await stat(out)).size} bytes\n`);
  }
}
