/** Letters of the longest name. */
const LONGEST = 63;

/**
 * The name that shares most letter pairs with a mistyped one (Dice 1945), if any is close; nothing is close to what is
 * longer than any name. The SQL layer does the same.
 */
export function similarName(name: string, names: Iterable<string>): string | undefined {
  if (name.length > LONGEST) return undefined;
  const wanted = letterPairs(name);
  let best: string | undefined;
  let bestScore = 0.3;
  for (const candidate of names) {
    const pairs = letterPairs(candidate);
    let common = 0;
    for (const pair of pairs) if (wanted.has(pair)) common++;
    const score = (2 * common) / (pairs.size + wanted.size);
    if (score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

function letterPairs(name: string): Set<string> {
  const padded = ` ${name.toLowerCase()} `;
  return new Set(Array.from({ length: padded.length - 1 }, (_, i) => padded.slice(i, i + 2)));
}
