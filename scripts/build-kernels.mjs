/** Compiles every kernel family of assembly/ into build/<target>/<family>.wasm, for each target of asconfig.json. */
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const targets = Object.keys(JSON.parse(await readFile(path.join(root, "asconfig.json"), "utf8")).targets);
const entries = await readdir(path.join(root, "assembly"), { withFileTypes: true });
const families = entries.filter((e) => e.isFile() && e.name.endsWith(".ts")).map((e) => e.name.slice(0, -3));

/** Only families that run on several threads need the build for shared memory. */
const threaded = ["autocorrelation"];

async function newest(folder) {
  const names = await readdir(folder, { recursive: true });
  const times = await Promise.all(names.map(async (name) => (await stat(path.join(folder, name))).mtimeMs));
  return Math.max(...times);
}

const changed = Math.max(
  await newest(path.join(root, "assembly")),
  ...(await Promise.all(
    ["asconfig.json", "scripts/build-kernels.mjs", "node_modules/assemblyscript/package.json"].map(
      async (name) => (await stat(path.join(root, name))).mtimeMs,
    ),
  )),
);

for (const target of targets) {
  await mkdir(path.join(root, "build", target), { recursive: true });
  for (const family of families) {
    if (target === "threads" && !threaded.includes(family)) continue;
    const out = path.join("build", target, `${family}.wasm`);
    const built = await stat(path.join(root, out)).catch(() => undefined);
    if (built && built.mtimeMs > changed) continue;
    const args = [`assembly/${family}.ts`, "--config", "asconfig.json", "--target", target, "--outFile", out];
    const { error, stderr } = await asc.main(args, {
      readFile: (name, base) => readFile(path.resolve(root, base, name), "utf8").catch(() => null),
    });
    if (error) {
      process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
      process.exit(1);
    }
    process.stderr.write(`${out} ${(await stat(path.join(root, out))).size} bytes\n`);
  }
}
