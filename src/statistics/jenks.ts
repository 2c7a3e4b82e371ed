import { DriveshaftError } from "../errors.js";
import { jenksKernel } from "../kernels/generated/jenks.js";
import { withKernel } from "../kernels/load.js";
import type { Tally } from "./tally.js";

/** Beginnings of classes that one array of a kernel holds. */
const MOST_BEGINNINGS = 2 ** 28 - 1;

/**
 * The largest member of each of k classes of numbers whose sum of squares within classes is the least there is: natural
 * breaks, by dynamic programming. Fisher (1958), doi:10.1080/01621459.1958.10501479; by halves as Wang and Song (2011),
 * doi:10.32614/RJ-2011-015.
 * @param k at least 1; where there are fewer distinct values each is a class
 * @throws OUT_OF_MEMORY
 */
export function jenksBreaks({ values, counts }: Tally, k: number): Float64Array {
  if (values.length <= k) return values;
  if ((k - 1) * (values.length + 1) > MOST_BEGINNINGS) {
    const message = `${k} classes of ${values.length} distinct values do not fit into the memory of a kernel`;
    throw new DriveshaftError("OUT_OF_MEMORY", message, { hint: "Use fewer classes, or round the values." });
  }
  const size = unit(Math.max(Math.abs(values[0]!), Math.abs(values.at(-1)!)));
  return withKernel(jenksKernel, (kernel) => {
    const ends = kernel.int32(k);
    kernel.call.jenks(kernel.float64(values.map((value) => value / size)), kernel.float64(counts), ends);
    return Float64Array.from(kernel.viewInt32(ends), (end) => values[end - 1]!);
  });
}

/** A power of two above a number, by which values are divided exactly, so that no square is too large or too small. */
function unit(number: number): number {
  let power = 1;
  while (power <= number) power *= 2;
  while (power > 2 * number) power /= 2;
  return power;
}
