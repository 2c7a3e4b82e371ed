import { createRequire } from "node:module";

let loaded: typeof import("h3-js") | undefined;

/**
 * Uber's library, which takes 30 ms to load and is loaded when it is first needed. In bundles scripts/embed-kernels.cjs
 * puts it in the place of this.
 */
export const h3 = (): typeof import("h3-js") =>
  (loaded ??= createRequire(import.meta.url)("h3-js") as typeof import("h3-js"));
