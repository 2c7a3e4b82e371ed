import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

/** @geoda/core and @geoda/lisa: libgeoda in WebAssembly (GPL), for comparison only. */
interface Lisa {
  initWASM(url: string): Promise<unknown>;
  localMoran(options: { data: number[]; neighbors: number[][]; permutation: number }): Promise<unknown>;
}
interface Core {
  initWASM(url: string): Promise<unknown>;
  createWeights(options: Record<string, unknown>): Promise<{ weights: number[][] }>;
}

const require = createRequire(import.meta.url);

/** The packages look for a browser and fetch their modules by URL. */
async function load<Package>(name: "core" | "lisa"): Promise<Package> {
  globalThis.navigator ??= { userAgent: "node" } as Navigator;
  const entry = require.resolve(`@geoda/${name}`);
  const bytes = await readFile(path.join(path.dirname(entry), "..", "wasm", `geoda-${name}.wasm`));
  const module = require(entry) as Package & Core;
  await module.initWASM(`data:application/wasm;base64,${bytes.toString("base64")}`);
  return module;
}

let lisa: Promise<Lisa> | undefined;
let core: Promise<Core> | undefined;
export const geodaLisa = (): Promise<Lisa> => (lisa ??= load<Lisa>("lisa"));
export const geodaCore = (): Promise<Core> => (core ??= load<Core>("core"));
