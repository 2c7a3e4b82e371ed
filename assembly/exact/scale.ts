/**
 * Tails of the sums of all values, in bins of one width; or of those that are at most `cap` above the lowest. Where
 * values have a long tail its bins are too wide for sums that are far below its end, and there is no need to know them:
 * a draw that holds a value above the observed sum is above it itself, all values being counted from the lowest. So
 * such a sum is looked up among the values up to a cap, drawn with the chance that no other is.
 */
import { Bins } from "./bins";
import { reach } from "./leave-one-out";
import { Tables } from "./tables";

/** What rounding may do to a sum that is counted in bins. */
const NEAR = 1e-6;

@final
export class Scale {
  bins: Bins;
  tables: Tables;
  /** The sum of the bins of all values, and the bins of those apart. */
  total: f64 = 0.0;
  apart: Float64Array;
  /** How far values may be from their bins; and the bin of the lowest value that is not the lowest of all, which is. */
  residual: f64;
  second: f64 = Infinity;

  /**
   * @param occurs by k, whether locations draw k values
   * @param mostBins a power of two
   */
  constructor(
    public values: Float64Array,
    bins: Bins,
    occurs: Uint8Array,
    mostBins: i32,
  ) {
    this.bins = bins;
    this.tables = new Tables(values, bins, occurs, mostBins);
    this.residual = bins.residual(values);
    this.apart = new Float64Array(bins.apart.length);
    for (let at = 0; at < this.apart.length; at++) {
      unchecked((this.apart[at] = bins.binOf(unchecked(values[unchecked(bins.apart[at])]))));
    }
    for (let i = 0; i < values.length; i++) {
      const value = unchecked(values[i]);
      const bin = bins.binOf(value);
      this.total += bin;
      if (value > bins.low) this.second = min(this.second, bin);
    }
  }

  /** P(sum of k of the others than i >= s). */
  tail(i: i32, k: i32, s: f64): f64 {
    const own = unchecked(this.values[i]);
    const bins = this.bins;
    if (bins.cap > 0.0) {
      const inside = own <= bins.high;
      const left = bins.count - i32(inside);
      const none = this.chanceOfNone(left, this.values.length - 1, k);
      if (none == 0.0) return 1.0;
      const below = 1.0 - (inside ? reach(this.tables, k, bins.binOf(own), s) : this.tables.at(k, s));
      return 1.0 - none * below;
    }
    if (this.apart.length == 0) return reach(this.tables, k, bins.binOf(own), s);
    return this.byCases(i, k, s);
  }

  /** The chance that all of k values drawn from `all` are among `some` of them. */
  private chanceOfNone(some: i32, all: i32, k: i32): f64 {
    if (some < k) return 0.0;
    let chance = 1.0;
    for (let j = 0; j < k; j++) chance *= <f64>(some - j) / <f64>(all - j);
    return chance;
  }

  /** P(sum of k of the others >= s): over which of the values apart are drawn, the chance that those are. */
  private byCases(i: i32, k: i32, s: f64): f64 {
    const tables = this.tables;
    const apart = this.bins.apart;
    const own = this.bins.binOf(unchecked(this.values[i]));
    let mine = -1;
    for (let a = 0; a < apart.length; a++) if (unchecked(apart[a]) == i) mine = a;
    let chance = 0.0;
    for (let drawn = 0; drawn < 1 << apart.length; drawn++) {
      if (mine >= 0 && (drawn >> mine) & 1) continue;
      let share = 1.0;
      let rest = s;
      let left = k;
      let places = <f64>(this.values.length - 1);
      for (let a = 0; a < apart.length; a++) {
        if (a == mine) continue;
        if ((drawn >> a) & 1) {
          share *= <f64>left / places;
          rest -= unchecked(this.apart[a]);
          left--;
        } else share *= (places - <f64>left) / places;
        places -= 1.0;
      }
      if (share == 0.0) continue;
      chance += share * (mine >= 0 ? tables.at(left, rest) : reach(tables, left, own, rest));
    }
    return min(1.0, max(0.0, chance));
  }

  /**
   * By how much rounding to bins may have changed the tails of a sum of k that was `sum` before: those of draws may be
   * off by k residuals. A bound on the chance between, as of k of all values: times n / (n - k), since a draw that
   * leaves the location out is one of all.
   */
  spread(k: i32, sum: f64): f64 {
    if (this.residual == 0.0) return 0.0;
    const bins = this.bins;
    const tables = this.tables;
    const apart = this.apart.length;
    const exact = (sum - <f64>k * bins.low) / bins.step;
    // the lowest values are exact, and of others a sum near this one cannot hold many
    const bounded = apart == 0 && this.second >= 1.0;
    const others = bounded ? Math.floor(exact / (this.second - 0.5) + NEAR) : <f64>k;
    if (others <= 0.0) return 0.0;
    const off = min(<f64>k, others) * this.residual + NEAR;
    const low = Math.ceil(exact - off);
    const high = Math.floor(exact + off) + 1.0;
    if (bins.cap > 0.0) {
      const share = this.chanceOfNone(bins.count, this.values.length, k) * outOfAll(bins.count, k);
      return share == 0.0 ? 0.0 : share * max(0.0, tables.at(k, low) - tables.at(k, high));
    }
    const n = <f64>this.values.length;
    let chance = 0.0;
    for (let drawn = 0; drawn < 1 << apart; drawn++) {
      let share = outOfAll(this.values.length, k);
      let rest = 0.0;
      let left = k;
      for (let a = 0; a < apart; a++) {
        const places = n - <f64>a;
        if ((drawn >> a) & 1) {
          share *= <f64>left / places;
          rest += unchecked(this.apart[a]);
          left--;
        } else share *= (places - <f64>left) / places;
      }
      if (share > 0.0) chance += share * max(0.0, tables.at(left, low - rest) - tables.at(left, high - rest));
    }
    return chance;
  }
}

/** How many times as likely a draw of k of n values is where one of them is left out. */
function outOfAll(n: i32, k: i32): f64 {
  return k < n ? <f64>n / <f64>(n - k) : 1.0;
}
