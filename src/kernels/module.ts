import { readFileSync } from "node:fs";

type Bytes = Uint8Array<ArrayBuffer>;

interface Typed<Exports> {
  name: string;
  /** What it exports; there is no such value. */
  readonly exports?: Exports;
}

/**
 * A module by its bytes: `fast` is for use, `checked` raises on any index out of range and runs in the tests. Handles
 * are written by the build, one for each family of kernels; in a bundle they hold the bytes: scripts/embed-kernels.cjs.
 */
export interface KernelModule<Exports> extends Typed<Exports> {
  fast(): Bytes;
  checked(): Bytes;
}

/** The same of the fast build on shared memory. */
export interface ThreadedModule<Exports> extends Typed<Exports> {
  threads(): Bytes;
}

export function kernelModule<Exports>(name: string): KernelModule<Exports> {
  return { name, fast: () => read("fast", name), checked: () => read("checked", name) };
}

export function threadedModule<Exports>(name: string): ThreadedModule<Exports> {
  return { name, threads: () => read("threads", name) };
}

function read(build: string, name: string): Bytes {
  return readFileSync(new URL(`../../build/${build}/${name}.wasm`, import.meta.url));
}
