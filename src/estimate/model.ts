/**
 * The model of an analysis: seconds are the sum of its terms, each a coefficient times the quantities that it names;
 * memory in MB is a part that is always there and one for each row.
 */
export interface Model {
  seconds: [coefficient: number, quantities: string[]][];
  memory: [base: number, perRow: number];
}
