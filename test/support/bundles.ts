import { rm } from "node:fs/promises";
import { packageFunctions, type Bundles } from "./package.js";

/** Packaged once for all tests. */
let packaged: ReturnType<typeof packageFunctions> | undefined;

export async function bundles(): Promise<Bundles> {
  packaged ??= packageFunctions();
  return (await packaged).bundles;
}

// at the root, so after all suites
after(async () => {
  if (packaged) await rm((await packaged).folder, { recursive: true });
});
