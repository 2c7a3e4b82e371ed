import KDBush from "kdbush";

/**
 * A kdbush search for the k nearest targets of each point: a radius that grows until it holds enough, then a sort, as
 * geokdbush does on the sphere.
 */
export function kdbushNearest(
  xs: Float64Array,
  ys: Float64Array,
  targetXs: Float64Array,
  targetYs: Float64Array,
  k: number,
): Int32Array {
  const m = targetXs.length;
  const index = new KDBush(m);
  for (let j = 0; j < m; j++) index.add(targetXs[j]!, targetYs[j]!);
  index.finish();
  const nearest = new Int32Array(xs.length * k);
  const start = Math.sqrt((2 * k) / (Math.PI * m));
  for (let i = 0; i < xs.length; i++) {
    let found: number[] = [];
    for (let radius = start; found.length < k; radius *= 2) found = index.within(xs[i]!, ys[i]!, radius);
    const distance = (j: number): number => (targetXs[j]! - xs[i]!) ** 2 + (targetYs[j]! - ys[i]!) ** 2;
    found.sort((a, b) => distance(a) - distance(b));
    nearest.set(found.slice(0, k), i * k);
  }
  return nearest;
}
