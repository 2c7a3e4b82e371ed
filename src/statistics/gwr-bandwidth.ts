import { DriveshaftError } from "../errors.js";
import type { Family } from "./family.js";
import { goldenSection, type GoldenSection } from "./golden-section.js";
import { fitOf, scoreOf, type Criterion } from "./gwr-diagnostics.js";
import type { LocalRegressions } from "./local-regressions.js";

/** Where a bandwidth is searched for, and when that ends. */
export interface BandwidthSearch {
  family: Family;
  fixed: boolean;
  criterion: Criterion;
  /** The least and the most that is tried; without, as crankshaft has them. */
  least: number | undefined;
  most: number | undefined;
  maxIterations: number;
  maxSeconds: number;
}

export interface FoundBandwidth extends GoldenSection {
  /** What ended the search. */
  ended: "converged" | "iterations" | "seconds";
  /** Where it searched. */
  least: number;
  most: number;
}

/** Rows of the least bandwidth, beside two for each coefficient. */
const LEAST_ROWS = 40;

/**
 * The bandwidth whose regressions have the least score.
 * @param k number of coefficients
 * @throws INVALID_PARAMETER for an interval that is none, TOO_FEW_ROWS where no bandwidth in it has a score
 */
export function searchBandwidth(
  regressions: LocalRegressions,
  y: Float64Array,
  k: number,
  search: BandwidthSearch,
): FoundBandwidth {
  const { family, fixed, criterion, maxIterations, maxSeconds } = search;
  const usual = fixed ? distancesFor(regressions, y.length, k) : countsFor(y.length, k);
  const [least, most] = [search.least ?? usual[0], search.most ?? usual[1]];
  if (least > most) {
    const message = `the least bandwidth is ${least}, and the most ${most}`;
    throw new DriveshaftError("INVALID_PARAMETER", message, { hint: "Give both, or neither." });
  }
  const score = (bandwidth: number): number => scoreOf(fitOf(y, regressions.fit(bandwidth), family), criterion);
  const end = Date.now() + maxSeconds * 1000;
  const isOver = (): boolean => Date.now() >= end;
  const found = goldenSection(score, [least, most], { whole: !fixed, maxIterations, isOver });
  if (found.score === Infinity) {
    const message = `no bandwidth from ${least} to ${most} has ${criterion}: the regressions take up all of the rows`;
    throw new DriveshaftError("TOO_FEW_ROWS", message, { hint: "Name fewer covariates, or search wider." });
  }
  const ended = found.converged ? "converged" : found.iterations < maxIterations ? "seconds" : "iterations";
  return { ...found, ended, least, most };
}

/** Numbers of rows; of fewer than are usual, any that regressions can have. */
function countsFor(n: number, k: number): [number, number] {
  const least = LEAST_ROWS + 2 * k;
  return [least < n ? least : k + 1, n];
}

/** Half of the least distance to as many rows, and half of the largest. */
function distancesFor(regressions: LocalRegressions, n: number, k: number): [number, number] {
  const near = regressions.reaches(Math.min(LEAST_ROWS + 2 * k, n));
  const far = regressions.reaches(n);
  return [near.reduce((least, one) => Math.min(least, one)) / 2, far.reduce((most, one) => Math.max(most, one)) / 2];
}
