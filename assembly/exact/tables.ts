/**
 * P(sum of j values >= s), drawn without replacement from all values but those apart, for every s and every j that
 * locations need: a transform of the histogram, Newton's identities at each frequency, and one transform back for each
 * j.
 *
 * Where there are many values most frequencies say nothing: all characteristic functions are below 1e-14 there. So no
 * identities are formed where the histogram's transform alone tells, and a table holds samples so far apart as it is
 * smooth, with a cubic between them.
 */
import { reset, top } from "../shared/host";
import { reserve } from "../shared/memory";
import { pairFrom, setPairFrom } from "../shared/vector";
import { Bins } from "./bins";
import { restore, Roots, times, transform } from "./fourier";
import { Newton } from "./newton";
import { Window } from "./window";

/** How many bins there are at least. */
const LEAST_BINS = 1 << 16;
/** Most numbers in all tables. */
const MOST_CELLS = 5 << 19;
/** A lattice may take so many times as many, as two to this power. */
const LATTICE_SHIFT = 2;
/** What a characteristic function may be off, and the weight of one that takes no part. */
const NEGLIGIBLE = 1e-14;
const WEIGHTLESS = 1e-14;
/** The relative width of a bracket that is sought at a p of 1e-9. */
const WIDTH = 1e-3;
/** How fast a tail falls there, of how fast at the end of the window: sqrt(log 1e9 / log 1e14), as of a normal one. */
const FALL = 0.8;
/** The square of the largest share of a million, in units of one over the number of values: log 1e6, and some. */
const LOUDEST = 18.0;
/** Samples of a table at least, unless the bins are fewer, and to its shortest wave. */
const LEAST_SAMPLES = 1 << 16;
const SAMPLES = 16;

@final
export class Tables {
  bins: Bins;
  /** The largest number of values that is drawn. */
  largest: i32;
  /** By j, how much an error in its table may weigh in a p; 0 where there is none. */
  weights: Float64Array;
  /** By k, the j above which tables count when k values are drawn; 0 where all do. */
  floors: Int32Array;
  /** The number of bins, after which all repeats, and log2 of the bins to a sample. */
  size: i32 = 0;
  shift: i32 = 0;
  /** By j, the part of the tail that repeats; the first sum, and the wave there. */
  waves: StaticArray<Float64Array>;
  firsts: Float64Array;
  bases: Float64Array;

  /**
   * @param occurs by k, whether locations draw k values
   * @param mostBins a power of two
   */
  constructor(
    values: Float64Array,
    bins: Bins,
    occurs: Uint8Array,
    private mostBins: i32,
  ) {
    const largest = occurs.length - 1;
    this.bins = bins;
    this.largest = largest;
    this.weights = new Float64Array(largest + 1);
    this.floors = new Int32Array(largest + 1);
    this.waves = new StaticArray<Float64Array>(largest + 1);
    this.firsts = new Float64Array(largest + 1);
    this.bases = new Float64Array(largest + 1);
    for (let k = 1; k <= largest; k++) if (unchecked(occurs[k])) this.weigh(values.length, k);
    for (let k = 1; k <= largest; k++) {
      let floor = k;
      while (floor > 0 && unchecked(this.weights[floor]) > 0.0) floor--;
      unchecked((this.floors[k] = floor));
    }
    const window = new Window(values, bins.low, bins.high, largest);
    this.choose(window);
    const before = top();
    if (!this.fill(values, window)) {
      // more frequencies matter than there is room for: nothing that was made for them is kept
      reset(before);
      this.divide(window, this.affordable());
      this.fill(values, window);
    }
  }

  /** What the tables weigh for a location that draws k: each value left out leads to the one before, see `reach`. */
  private weigh(n: i32, k: i32): void {
    const count = this.bins.count;
    let chance = 1.0;
    for (let apart = 0; apart <= min(k, this.bins.apart.length); apart++) {
      const rest = k - apart;
      let weight = (chance * <f64>count) / <f64>(count - rest);
      for (let j = rest; j > 0 && weight > WEIGHTLESS; j--) {
        unchecked((this.weights[j] = max(unchecked(this.weights[j]), weight)));
        weight *= <f64>j / <f64>(count - j + 1);
      }
      chance *= <f64>(k - apart) / <f64>(n - 1 - apart);
    }
  }

  /** The number of tables. */
  private count(): i32 {
    let tables = 0;
    for (let j = 1; j <= this.largest; j++) tables += i32(unchecked(this.weights[j]) > 0.0);
    return tables;
  }

  /** The number of bins for which there is room when every frequency counts. */
  private affordable(): i32 {
    return min(this.mostBins, 1 << (31 - clz(MOST_CELLS / this.count())));
  }

  /** How far the sums of any table reach. */
  private reachOf(window: Window): f64 {
    let reach = 0.0;
    for (let j = 1; j <= this.largest; j++) {
      if (unchecked(this.weights[j]) > 0.0) reach = max(reach, window.highest(j) - window.lowest(j));
    }
    return reach;
  }

  /** Chooses the number of bins. */
  private choose(window: Window): void {
    const bins = this.bins;
    const reach = this.reachOf(window);
    if (bins.onLattice) {
      const size = powerAbove(reach / bins.step + this.margin());
      if (size <= <f64>this.mostBins) {
        this.size = max(16, <i32>size);
        return;
      }
    }
    // far out a tail falls by the tilt, and a sum of k is off by k bins
    const tilt = FALL * max(window.tiltUp, window.tiltDown);
    const wanted = powerAbove((<f64>this.largest * reach * tilt) / WIDTH);
    let size = <i32>min(<f64>this.mostBins, max(<f64>LEAST_BINS, wanted));
    // of few values all frequencies count; where nothing resonates the square of the share is about one over their number
    const share = this.quiet(new Newton(bins.count, this.largest));
    if (share < 0.0 || share * share * <f64>bins.count < LOUDEST) size = min(size, this.affordable());
    this.divide(window, size);
  }

  /** Takes bins of equal width, whether there is a lattice or not. */
  private divide(window: Window, size: i32): void {
    this.size = size;
    this.bins.divide(this.reachOf(window) / (<f64>size - this.margin()), false);
  }

  /** Bins left free, since a sum of j may be off by j / 2 at both ends. */
  private margin(): f64 {
    return <f64>(this.largest + 4);
  }

  /** Makes the tables; false where there is no room for them. */
  private fill(values: Float64Array, window: Window): bool {
    const bins = this.bins;
    const size = this.size;
    // the roots of the first quadrant are half as many numbers
    reserve(8 * (2 * size + (size >> 1) + LEAST_SAMPLES));
    const roots = new Roots(size);
    const scratch = new Float64Array(size + 2);
    const spectrum = new Float64Array(size + 2);
    for (let i = 0; i < values.length; i++) {
      const value = unchecked(values[i]);
      if (value < bins.low || value > bins.high) continue;
      const bin = <i32>bins.binOf(value) & (size - 1);
      unchecked((spectrum[bin] += 1.0));
    }
    transform(spectrum, scratch, size, roots);

    const newton = new Newton(bins.count, this.largest);
    const share = this.quiet(newton);
    const quiet = share * Math.abs(share) * <f64>bins.count * <f64>bins.count;
    let last = size >> 1;
    while (last > 0 && loudness(spectrum, last) <= quiet) last--;
    const room = this.samplesFor(last);
    if (room > this.affordable() << (bins.onLattice ? LATTICE_SHIFT : 0)) return false;
    reserve(8 * this.count() * (room + 16));
    for (let j = 1; j <= this.largest; j++) {
      if (unchecked(this.weights[j]) > 0.0) unchecked((this.waves[j] = new Float64Array(room + 2)));
    }
    last = this.findWaves(newton, spectrum, last, quiet);

    const samples = this.samplesFor(last);
    this.shift = ctz(size / samples);
    for (let j = 1; j <= this.largest; j++) {
      if (unchecked(this.weights[j]) == 0.0) continue;
      const wave = unchecked(this.waves[j]);
      wave.fill(0.0, 2 * last + 2);
      addUp(wave, last, size, roots);
      restore(wave, scratch, samples, roots);
      for (let at = 0; at < samples; at++) unchecked((wave[at] *= 2.0 / <f64>size));
      const first = Math.floor(window.lowest(j) / bins.step - 0.5 * <f64>j) - 1.0;
      unchecked((this.firsts[j] = first));
      unchecked((this.bases[j] = this.waveAt(j, first)));
    }
    return true;
  }

  /** Samples of a table whose highest frequency is `last`. */
  private samplesFor(last: i32): i32 {
    return min(this.size, max(LEAST_SAMPLES, <i32>powerAbove(<f64>SAMPLES * <f64>last)));
  }

  /**
   * The share that the histogram's transform has where all characteristic functions are negligible; -1 if they never
   * are.
   */
  private quiet(newton: Newton): f64 {
    const bound = new Float64Array(this.largest + 1);
    if (!this.negligible(newton, 0.0, bound)) return -1.0;
    let low = 0.0;
    let high = 1.0;
    for (let step = 0; step < 40; step++) {
      const share = 0.5 * (low + high);
      if (this.negligible(newton, share, bound)) low = share;
      else high = share;
    }
    return low;
  }

  private negligible(newton: Newton, share: f64, bound: Float64Array): bool {
    newton.bounds(share, bound);
    for (let j = 1; j <= this.largest; j++) {
      if (unchecked(this.weights[j]) * unchecked(bound[j]) > NEGLIGIBLE) return false;
    }
    return true;
  }

  /** Writes the characteristic functions up to frequency `last`; returns the last at which any matters. */
  private findWaves(newton: Newton, spectrum: Float64Array, last: i32, quiet: f64): i32 {
    const size = newton.functions.length;
    const functions = newton.functions.dataStart;
    let loudest = 0;
    for (let m = 1; m <= last; m += 2) {
      if (loudness(spectrum, m) <= quiet && loudness(spectrum, m + 1) <= quiet) continue;
      newton.at(spectrum, this.size, m);
      for (let j = 1; j <= this.largest; j++) {
        const weight = unchecked(this.weights[j]);
        if (weight == 0.0) continue;
        const real = pairFrom(functions, size, 4 * j);
        const imaginary = pairFrom(functions, size, 4 * j + 2);
        const wave = unchecked(this.waves[j]);
        setPairFrom(wave.dataStart, wave.length, 2 * m, v128.shuffle<f64>(real, imaginary, 0, 2));
        setPairFrom(wave.dataStart, wave.length, 2 * m + 2, v128.shuffle<f64>(real, imaginary, 1, 3));
        const squares = f64x2.add(f64x2.mul(real, real), f64x2.mul(imaginary, imaginary));
        const loud = max(f64x2.extract_lane(squares, 0), f64x2.extract_lane(squares, 1));
        if (weight * weight * loud > NEGLIGIBLE * NEGLIGIBLE) loudest = m + 1;
      }
    }
    return loudest;
  }

  /** P(sum of j values >= s), s whole; of none the sum is 0. */
  // @ts-ignore: decorator
  @inline
  at(j: i32, s: f64): f64 {
    if (j == 0) return <f64>i32(s <= 0.0);
    const past = s - unchecked(this.firsts[j]);
    if (past <= 0.0) return 1.0;
    if (past >= <f64>this.size) return 0.0;
    return 1.0 - past / <f64>this.size + (this.waveAt(j, s) - unchecked(this.bases[j]));
  }

  // @ts-ignore: decorator
  @inline
  private waveAt(j: i32, s: f64): f64 {
    const wave = unchecked(this.waves[j]);
    const bin = <i32>(<i64>s) & (this.size - 1);
    const at = bin >> this.shift;
    if (this.shift == 0) return unchecked(wave[at]);
    const mask = (this.size >> this.shift) - 1;
    const part = <f64>(bin - (at << this.shift)) / <f64>(1 << this.shift);
    const before = unchecked(wave[(at - 1) & mask]);
    const here = unchecked(wave[at]);
    const next = unchecked(wave[(at + 1) & mask]);
    const after = unchecked(wave[(at + 2) & mask]);
    // Newton's form of the cubic through four samples
    const second = before - 2.0 * here + next;
    const third = after - before + 3.0 * (here - next);
    return here + part * (next - here + (part - 1.0) * (0.5 * second + ((part + 1.0) / 6.0) * third));
  }
}

/** The smallest power of two that is at least this. */
function powerAbove(number: f64): f64 {
  let power = 1.0;
  while (power < number) power *= 2.0;
  return power;
}

/** The square of the absolute value at a frequency. */
// @ts-ignore: decorator
@inline
function loudness(spectrum: Float64Array, m: i32): f64 {
  const real = unchecked(spectrum[2 * m]);
  const imaginary = unchecked(spectrum[2 * m + 1]);
  return real * real + imaginary * imaginary;
}

/**
 * Of a characteristic function up to frequency `last`, the transform of what repeats in the sum of all chances from s
 * on: sum_{t = s}^{e - 1} exp(i f t) = (exp(i f s) - exp(i f e)) / (1 - exp(i f)), and 1 / (1 - exp(i f)) = (1 + i
 * cot(f / 2)) / 2.
 */
function addUp(wave: Float64Array, last: i32, size: i32, roots: Roots): void {
  const begin = wave.dataStart;
  const pairs = roots.pairs.dataStart;
  const quarter = size >> 2;
  for (let m = 1; m <= last; m++) {
    // of the angle, or of what is left of half a turn
    const near = m <= quarter;
    const root = pairFrom(pairs, roots.pairs.length, 2 * (near ? m : (size >> 1) - m));
    const cosine = f64x2.extract_lane(root, 0);
    const sine = -f64x2.extract_lane(root, 1);
    const cotangent = near ? (1.0 + cosine) / sine : sine / (1.0 + cosine);
    const factor = f64x2(0.5, 0.5 * cotangent);
    setPairFrom(begin, wave.length, 2 * m, times(factor, pairFrom(begin, wave.length, 2 * m)));
  }
}
