/** What the hot and cold spots of a place over time make together; the kinds of each are in the order of these. */
const kinds = [
  "new",
  "consecutive",
  "intensifying",
  "persistent",
  "diminishing",
  "sporadic",
  "oscillating",
  "historical",
] as const;
type Kind = (typeof kinds)[number];

export const hotSpotPatterns = [
  "no pattern",
  ...kinds.map((kind) => `${kind} hot spot` as const),
  ...kinds.map((kind) => `${kind} cold spot` as const),
];

const HOT = 1;
const COLD = 2;
type Side = typeof HOT | typeof COLD;

/**
 * The pattern of a place, as the number of its label, by the definitions of ArcGIS Pro's Emerging Hot Spot Analysis.
 * Where several hold, the first of them counts.
 * @param states by step: 1 a hot spot, 2 a cold spot, 0 neither
 * @param trend the sign of the trend of its scores where that is significant, else 0
 */
export function hotSpotPattern(states: Uint8Array, trend: number): number {
  const counts: Counts = [0, 0, 0];
  let [last, run] = [0, 0];
  for (const state of states) {
    run = state === last ? run + 1 : 1;
    last = state;
    counts[state]!++;
  }
  // 90 percent, in whole numbers
  const isThroughout = (side: Side): boolean => 10 * counts[side] >= 9 * states.length;
  if (last === HOT || last === COLD) {
    if (counts[last] === 1) return numberOf("new", last);
    const rising = last === HOT ? trend : -trend;
    if (isThroughout(last)) {
      return numberOf(rising > 0 ? "intensifying" : rising < 0 ? "diminishing" : "persistent", last);
    }
    if (run === counts[last]) return numberOf("consecutive", last);
    return numberOf(counts[last === HOT ? COLD : HOT] > 0 ? "oscillating" : "sporadic", last);
  }
  const past = ([HOT, COLD] as const).find(isThroughout);
  return past === undefined ? 0 : numberOf("historical", past);
}

/** How many steps are of each state. */
type Counts = [neither: number, hot: number, cold: number];

const numberOf = (kind: Kind, side: Side): number => 1 + kinds.indexOf(kind) + (side === COLD ? kinds.length : 0);

/** What local clusters and outliers of a place over time make together. */
export const outlierPatterns = [
  "never significant",
  "only HH",
  "only LL",
  "only HL",
  "only LH",
  "multiple types",
] as const;

/**
 * The pattern of a place by the definitions of ArcGIS Pro's Local Outlier Analysis.
 * @param states by step: 0 not significant, 1 HH, 2 LL, 3 HL, 4 LH
 */
export function outlierPattern(states: Uint8Array): number {
  let only = 0;
  for (const state of states) {
    if (state === 0 || state === only) continue;
    if (only !== 0) return outlierPatterns.length - 1;
    only = state;
  }
  return only;
}
