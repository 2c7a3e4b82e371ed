/** Exact arithmetic on the numbers that doubles are, for twins of closed forms. */
export class Rational {
  private constructor(
    readonly numerator: bigint,
    readonly denominator: bigint,
  ) {}

  static of(value: number): Rational {
    if (!Number.isFinite(value)) throw new RangeError(`${value} is not finite`);
    let shift = 0;
    for (let scaled = value; !Number.isInteger(scaled); shift++) scaled = value * 2 ** (shift + 1);
    return Rational.ratio(BigInt(value * 2 ** shift), 1n << BigInt(shift));
  }

  static ratio(numerator: bigint, denominator: bigint): Rational {
    const divisor = greatestCommon(numerator < 0n ? -numerator : numerator, denominator);
    return new Rational(numerator / divisor, denominator / divisor);
  }

  static sum(values: Rational[]): Rational {
    return values.reduce((a, b) => a.plus(b), Rational.of(0));
  }

  plus(other: Rational): Rational {
    const { numerator: a, denominator: b } = this;
    return Rational.ratio(a * other.denominator + other.numerator * b, b * other.denominator);
  }

  minus(other: Rational): Rational {
    return this.plus(other.times(Rational.of(-1)));
  }

  times(other: Rational): Rational {
    return Rational.ratio(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  over(other: Rational): Rational {
    const sign = other.numerator < 0n ? -1n : 1n;
    return Rational.ratio(sign * this.numerator * other.denominator, sign * this.denominator * other.numerator);
  }

  sign(): number {
    return Math.sign(Number(this.numerator));
  }

  /** The nearest double, or one beside it. */
  toNumber(): number {
    const digits = 80n;
    const length = (value: bigint): bigint => BigInt((value < 0n ? -value : value).toString(2).length);
    const shift = digits - length(this.numerator) + length(this.denominator);
    const scaled =
      shift >= 0n ? (this.numerator << shift) / this.denominator : this.numerator / (this.denominator << -shift);
    return Number(scaled) * 2 ** -Number(shift);
  }
}

function greatestCommon(a: bigint, b: bigint): bigint {
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}

export const mean = (values: Rational[]): Rational => Rational.sum(values).over(Rational.of(values.length));

/** Mean and variance (population) of all equally likely values. */
export function moments(values: Rational[]): { mean: Rational; variance: Rational } {
  const center = mean(values);
  const squares = values.map((value) => value.minus(center)).map((deviation) => deviation.times(deviation));
  return { mean: center, variance: mean(squares) };
}

/** (observed - mean) / sd among all equally likely values. */
export function scoreAmong(observed: Rational, values: Rational[]): number {
  const { mean: center, variance } = moments(values);
  const above = observed.minus(center);
  return above.sign() * Math.sqrt(above.times(above).over(variance).toNumber());
}

/** Whatever values there are, less their mean: as exact as they. */
export function centered(values: ArrayLike<number>): Rational[] {
  const exact = Array.from(values, (value) => Rational.of(value));
  const center = mean(exact);
  return exact.map((value) => value.minus(center));
}
