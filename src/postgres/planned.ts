/**
 * The share of rows that are read, of those that the planner expects. Above its guess the share goes on to rise, ever
 * more slowly.
 */
export function shareOfRows(planned: number): (rows: number) => number {
  const expected = Math.max(1, planned);
  return (rows) => (rows < expected / 2 ? rows / expected : 1 - expected / (4 * rows));
}
