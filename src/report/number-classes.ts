/** Colors of five classes of numbers, light to dark; and of numbers around 0, blue to red (ColorBrewer's YlGnBu, RdYlBu). */
const ascending = ["#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"];
const aroundZero = ["#2c7bb6", "#abd9e9", "#ffffbf", "#fdae61", "#d7191c"];

/** Numbers in classes that have a color each. */
export interface NumberClasses {
  /** From the lowest, of those that have a number: their color, what is in them, and how many. */
  classes: { color: string; text: string; count: number }[];
  colorOf(value: number): string;
}

/**
 * At most five classes of about as many numbers each. Where there are numbers on both sides of 0, the middle one is
 * around it: the fifth that is nearest to 0; then come two fifths, then the rest.
 */
export function numberClasses(values: number[]): NumberClasses {
  const isAroundZero = values.some((value) => value < 0) && values.some((value) => value > 0);
  const sorted = Float64Array.from(isAroundZero ? values.map(Math.abs) : values).sort();
  const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!;
  const edges = isAroundZero
    ? [-quantile(0.6), -quantile(0.2), quantile(0.2), quantile(0.6)]
    : [0.2, 0.4, 0.6, 0.8].map(quantile);
  const classOf = (value: number): number => edges.filter((edge) => edge < value).length;
  const colors = isAroundZero ? aroundZero : ascending;
  const counts = colors.map(() => 0);
  for (const value of values) counts[classOf(value)]!++;
  const text = (i: number): string => {
    if (i === 0) return `up to ${short(edges[0]!)}`;
    return i === edges.length ? `above ${short(edges[i - 1]!)}` : `${short(edges[i - 1]!)} to ${short(edges[i]!)}`;
  };
  return {
    // equal numbers leave classes empty
    classes: colors.flatMap((color, i) => (counts[i]! > 0 ? [{ color, text: text(i), count: counts[i]! }] : [])),
    colorOf: (value) => colors[classOf(value)]!,
  };
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
