import type { PairsOfIds } from "./given.js";
import { DriveshaftError } from "../errors.js";
import { growFloat64 } from "../table/growable.js";
import { buildRaw, type Raw, type RawBuilder } from "../table/raw.js";

/**
 * Weights in the formats that GeoDa and PySAL write. Both begin with a line that holds the number of locations, alone
 * or as the second of several words; ids have no spaces.
 */

/**
 * GAL: for each location its id and its number of neighbors, then the ids of these. Each neighbor weighs 1.
 * @throws INVALID_FILE
 */
export function parseGal(text: string): PairsOfIds {
  const { n, words } = afterHeader(text);
  const pairs = collect();
  let at = 0;
  let locations = 0;
  for (; at < words.length; locations++) {
    const focal = words[at++]!;
    const count = Number(words[at++]);
    if (!Number.isInteger(count) || count < 0) {
      throw invalid(`the number of neighbors of ${focal} is ${words[at - 1] ?? "missing"}`);
    }
    if (at + count > words.length) throw invalid(`${focal} has ${count} neighbors, but the file ends before`);
    for (const neighbor of words.slice(at, at + count)) pairs.add(focal, neighbor, 1);
    at += count;
  }
  if (locations !== n) throw invalid(`the file has ${locations} locations, but its first line says ${n}`);
  return pairs.take();
}

/**
 * GWT and KWT: a line for each pair, with the ids of both and the weight. For distance bands and knn GeoDa writes the
 * distance there: the transform B makes them binary.
 * @throws INVALID_FILE
 */
export function parseGwt(text: string): PairsOfIds {
  const { words } = afterHeader(text);
  if (words.length % 3 !== 0) throw invalid("a pair is incomplete, expected lines of two ids and a weight");
  const pairs = collect();
  for (let at = 0; at < words.length; at += 3) {
    const weight = Number(words[at + 2]);
    if (Number.isNaN(weight)) {
      throw invalid(`the weight of ${words[at]} and ${words[at + 1]} is ${words[at + 2]}, expected a number`);
    }
    pairs.add(words[at]!, words[at + 1]!, weight);
  }
  return pairs.take();
}

function afterHeader(text: string): { n: number; words: string[] } {
  const [first = "", ...lines] = text.split("\n");
  const header = first.trim().split(/\s+/);
  const n = Number(header.length > 1 ? header[1] : header[0] || NaN);
  if (!Number.isInteger(n) || n < 0) throw invalid("the first line has no number of locations");
  return { n, words: lines.flatMap((line) => line.split(/\s+/)).filter((word) => word !== "") };
}

function collect(): { add(focal: string, neighbor: string, weight: number): void; take(): PairsOfIds } {
  const focal = buildRaw("id");
  const neighbor = buildRaw("id");
  const weights = growFloat64();
  const take = (ids: RawBuilder): Raw => ({ type: "raw", sqlType: "text", encoding: "text", ...ids.take() });
  return {
    add(from, to, weight) {
      focal.push(Buffer.from(from));
      neighbor.push(Buffer.from(to));
      weights.push(weight);
    },
    take: () => ({ focal: take(focal), neighbor: take(neighbor), weights: weights.take() }),
  };
}

const invalid = (what: string): DriveshaftError => new DriveshaftError("INVALID_FILE", `the weights: ${what}`);
