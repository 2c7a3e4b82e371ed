import { createRequire } from "node:module";

/** jsgeoda: libgeoda in WebAssembly (GPL), for comparison only. */
export interface Jsgeoda {
  readGeoJSON(bytes: ArrayBufferLike): string;
  getKnnWeights(map: string, k: number): object;
  getQueenWeights(map: string): object;
  localMoran(weights: object, values: number[], permutations: number, method: "lookup" | "complete"): object;
}

const require = createRequire(import.meta.url);
let loaded: Promise<Jsgeoda> | undefined;
export const jsgeoda = (): Promise<Jsgeoda> => (loaded ??= (require("jsgeoda") as { New(): Promise<Jsgeoda> }).New());

/** Weights are cached by map, so each repetition gets a fresh one. */
export function readMap(geoda: Jsgeoda, features: object[]): string {
  return geoda.readGeoJSON(new TextEncoder().encode(JSON.stringify({ type: "FeatureCollection", features })).buffer);
}
