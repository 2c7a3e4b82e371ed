import type { Analysis } from "../analyses/analysis.js";
import { parameterSchema } from "../analyses/check-parameters.js";
import { sizes } from "../analyses/sizes.js";
import { variablesOf } from "../analyses/variables.js";
import { coefficients } from "./coefficients.js";

/** What an analysis will take, as measured on one machine; see docs/estimates.md. Null: it was not measured. */
export interface Estimate {
  rows: number;
  /** From the first row read to the last one written, with one thread. */
  seconds: number | null;
  /** Most memory of the process. */
  memory_mb: number | null;
  /** Price of a run on AWS Lambda, in US dollars, without the free tier. */
  lambda_usd: number | null;
  /** Whether it fits into the time and memory of its function. */
  lambda_fits: boolean | null;
}

/** Prices of AWS Lambda on arm64 in most regions, November 2026: US dollars for a GB-second, and for a request. */
export const prices = { gbSecond: 0.0000133334, request: 0.0000002 };

/** Bandwidths that a search tries, about, and the share of the rows that they take in. */
const TRIED = 15;
const SEARCHED = 1 / 4;

/** Neighbors of a location where the parameters do not say. */
const NEIGHBORS = 8;

/**
 * What the terms of a model are made of. The function of the same purpose in SQL is driveshaft.quantity.
 * `independent` and `unequal` are 1 where each location has draws of its own, or weights that differ; `exact` where p is
 * not drawn, and then there are no permutations. `around` is how many rows a local regression takes in, in all that are
 * tried.
 */
export function quantity(name: string, analysis: Analysis, parameters: Record<string, unknown>, rows: number): number {
  const weights = (parameters.weights ?? {}) as { type?: string; k?: number; binary?: boolean };
  const unequal = weights.type === "kernel" || weights.binary === false;
  const drawn =
    !("inference" in analysis.parameters.shape) ||
    parameters.inference === "permutation" ||
    parameters.draws === "independent" ||
    unequal;
  switch (name) {
    case "rows":
      return rows;
    case "neighbors":
      // of cells k is the number of rings around one, here of hexagons
      return weights.type === "cells" ? 3 * (weights.k ?? 1) * ((weights.k ?? 1) + 1) : (weights.k ?? NEIGHBORS);
    case "independent":
      return Number(parameters.draws === "independent");
    case "unequal":
      return Number(unequal);
    case "exact":
      return Number(!drawn);
    case "around":
      return around(parameters, rows);
    default:
      if (name === "permutations" && !drawn) return 0;
      return total(parameters[name] ?? parameterSchema(analysis).properties?.[name]?.default ?? 0);
  }
}

function around({ kernel = "bisquare", fixed, bandwidth, bandwidths }: Record<string, unknown>, rows: number): number {
  const given = (bandwidths ?? (bandwidth === undefined ? [] : [bandwidth])) as number[];
  const mean = given.length > 0 ? given.reduce((sum, each) => sum + each) / given.length : SEARCHED * rows;
  return (given.length > 0 ? 1 : TRIED) * (fixed === true || kernel !== "bisquare" ? rows : mean);
}

/** A number; of names, how many they are; or of all numbers of which the first and the last are given, the sum. */
function total(value: unknown): number {
  if (!Array.isArray(value)) return Number(value);
  if (value.some((each) => typeof each === "string")) return value.length;
  const [first, last] = value as [number, number];
  return ((first + last) * (last - first + 1)) / 2;
}

/**
 * Of many variables all but what is always there counts once each.
 * @param parameters as they are given, checked before
 */
export function estimate(analysis: Analysis, parameters: Record<string, unknown>, rows: number): Estimate {
  const model = coefficients[analysis.name];
  if (!model) return { rows, seconds: null, memory_mb: null, lambda_usd: null, lambda_fits: null };
  const { seconds: terms, memory } = model;
  const variables = variablesOf(analysis, parameters)?.length ?? 1;
  let seconds = 0;
  for (const [coefficient, names] of terms) {
    const own = coefficient * (names.length > 0 ? variables : 1);
    seconds += names.reduce((product, name) => product * quantity(name, analysis, parameters, rows), own);
  }
  const size = sizes[analysis.size];
  const megabytes = memory[0] + memory[1] * rows * variables;
  return {
    rows,
    seconds: Number(seconds.toPrecision(3)),
    memory_mb: Math.ceil(megabytes),
    lambda_usd: Number((prices.request + (seconds * size.memorySize * prices.gbSecond) / 1024).toPrecision(3)),
    lambda_fits: seconds < size.timeout && megabytes < size.memorySize,
  };
}
