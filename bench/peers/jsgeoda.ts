import { createRequire } from "node:module";

/** One table of draws for all locations, or draws for each. */
type Method = "lookup" | "complete";

/** jsgeoda: libgeoda in WebAssembly (GPL), for comparison only. */
export interface Jsgeoda {
  readGeoJSON(bytes: ArrayBufferLike): string;
  getKnnWeights(map: string, k: number): object;
  getQueenWeights(map: string): object;
  localMoran(weights: object, values: number[], permutations: number, method: Method): object;
  localGStar(weights: object, values: number[], permutations: number, method: Method): object;
  localGeary(weights: object, values: number[], permutations: number, method: Method): object;
  localJoinCount(weights: object, values: number[], permutations: number, method: Method): object;
  localMultiGeary(weights: object, values: number[][], permutations: number, method: Method): object;
}

const require = createRequire(import.meta.url);

/** A fresh one: it keeps every map that it read, and ends when its memory does. */
export const jsgeoda = (): Promise<Jsgeoda> => (require("jsgeoda") as { New(): Promise<Jsgeoda> }).New();

/** Weights are cached by map, so each repetition gets a fresh one. */
export function readMap(geoda: Jsgeoda, features: object[]): string {
  return geoda.readGeoJSON(new TextEncoder().encode(JSON.stringify({ type: "FeatureCollection", features })).buffer);
}
