/**
 * Numbers as the sum of two, which hold 106 bits: for sums of powers that cancel. Dekker (1971),
 * doi:10.1007/BF01397083; Hida, Li and Bailey (2001), doi:10.1109/ARITH.2001.930115.
 */

/** Splits a number of 53 bits into two halves. */
const SPLIT = 134217729.0;

@final
export class DoubleDouble {
  constructor(
    public high: f64,
    public low: f64 = 0.0,
  ) {}

  // @ts-ignore: decorator
  @inline
  set(value: f64): DoubleDouble {
    this.high = value;
    this.low = 0.0;
    return this;
  }

  /** Adds another to this one. */
  // @ts-ignore: decorator
  @inline
  add(other: DoubleDouble): DoubleDouble {
    const sum = this.high + other.high;
    const added = sum - this.high;
    const lost = this.high - (sum - added) + (other.high - added) + this.low + other.low;
    this.high = sum + lost;
    this.low = lost - (this.high - sum);
    return this;
  }

  subtract(other: DoubleDouble): DoubleDouble {
    return this.add(other.by(-1.0));
  }

  /** Writes the product of two here. */
  // @ts-ignore: decorator
  @inline
  setProduct(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
    const product = a.high * b.high;
    const lost = lostBy(a.high, b.high, product) + (a.high * b.low + a.low * b.high);
    this.high = product + lost;
    this.low = lost - (this.high - product);
    return this;
  }

  times(other: DoubleDouble): DoubleDouble {
    return new DoubleDouble(0.0).setProduct(this, other);
  }

  by(factor: f64): DoubleDouble {
    return this.times(new DoubleDouble(factor));
  }
}

/** What the rounded product of two numbers lacks. */
// @ts-ignore: decorator
@inline
function lostBy(a: f64, b: f64, product: f64): f64 {
  const bigA = SPLIT * a;
  const highA = bigA - (bigA - a);
  const lowA = a - highA;
  const bigB = SPLIT * b;
  const highB = bigB - (bigB - b);
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}
