import { readFileSync } from "node:fs";
import type { Build } from "./load.js";

/** Kernels that a bundle holds, by build and family. */
const embedded = new Map<string, Uint8Array<ArrayBuffer>>();

/** A bundle, which has no files beside it, brings its kernels by this; see scripts/embed-kernels.mjs. */
export function embed(family: string, build: Build, bytes: Uint8Array<ArrayBuffer>): void {
  embedded.set(`${build}/${family}`, bytes);
}

/** The module of a family, as bytes. */
export function readKernel(family: string, build: Build): Uint8Array<ArrayBuffer> {
  const name = `${build}/${family}`;
  return embedded.get(name) ?? readFileSync(new URL(`../../build/${name}.wasm`, import.meta.url));
}
