/** Prints the digests of the results of all examples as JSON. */
import { analyses } from "#dist/analyses/index.js";
import { digest, runExample } from "./conformance.js";

const digests: Record<string, string> = {};
for (const analysis of analyses) digests[analysis.name] = digest(await runExample(analysis));
process.stdout.write(JSON.stringify(digests));
