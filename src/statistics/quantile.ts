/**
 * A quantile of sorted values, by linear interpolation between the two that are nearest: definition 7 of Hyndman and
 * Fan (1996), doi:10.1080/00031305.1996.10473566. It is given as a fraction, since decimals would be rounded.
 */
export function quantile(sorted: Float64Array, part: number, of: number): number {
  const position = (part * (sorted.length - 1)) / of;
  const below = Math.floor(position);
  const value = sorted[below]!;
  return position === below ? value : value + (position - below) * (sorted[below + 1]! - value);
}
