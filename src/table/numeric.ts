/** The binary form of numeric: digit count, weight of the first digit, sign, display scale, digits in base 10,000. */
const NEGATIVE = 0x4000;
const NAN = 0xc000;
const INFINITE = 0xd000;
const NEGATIVE_INFINITE = 0xf000;

/** Rank of the sign: -infinity, negative, zero, positive, infinity, NaN, in PostgreSQL's order. */
function numericRank(view: DataView, at: number): number {
  const sign = view.getUint16(at + 4);
  if (sign === NAN) return 3;
  if (sign === INFINITE) return 2;
  if (sign === NEGATIVE_INFINITE) return -2;
  if (view.getUint16(at) === 0) return 0;
  return sign === NEGATIVE ? -1 : 1;
}

/** Orders two numerics by their values; those at `a` and `b` of a view. */
export function compareNumerics(view: DataView, a: number, b: number): number {
  const rank = numericRank(view, a);
  const other = numericRank(view, b);
  if (rank !== other || Math.abs(rank) !== 1) return rank - other;
  const weight = view.getInt16(a + 2) - view.getInt16(b + 2);
  if (weight !== 0) return weight * rank;
  const digits = view.getUint16(a);
  const otherDigits = view.getUint16(b);
  for (let i = 0; i < Math.max(digits, otherDigits); i++) {
    const x = i < digits ? view.getUint16(a + 8 + 2 * i) : 0;
    const y = i < otherDigits ? view.getUint16(b + 8 + 2 * i) : 0;
    if (x !== y) return (x - y) * rank;
  }
  return 0;
}

/** A numeric in its binary form as decimal digits. */
export function numericText(view: DataView): string {
  const rank = numericRank(view, 0);
  if (rank === 3) return "NaN";
  if (Math.abs(rank) === 2) return rank > 0 ? "Infinity" : "-Infinity";
  const count = view.getUint16(0);
  const weight = view.getInt16(2);
  const scale = view.getUint16(6);
  const group = (i: number): string =>
    i >= 0 && i < count ? String(view.getUint16(8 + 2 * i)).padStart(4, "0") : "0000";
  let whole = "";
  for (let i = 0; i <= weight; i++) whole += group(i);
  let fraction = "";
  for (let i = weight + 1; fraction.length < scale; i++) fraction += group(i);
  whole = whole.replace(/^0+(?=\d)/, "") || "0";
  return (rank < 0 ? "-" : "") + whole + (scale > 0 ? `.${fraction.slice(0, scale)}` : "");
}
