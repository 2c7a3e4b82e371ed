/** The name that shares most letter pairs with a mistyped one (Dice 1945), if any is close; the SQL layer does the same. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
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
