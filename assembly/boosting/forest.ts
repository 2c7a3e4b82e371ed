/** Trees that have been grown. The nodes of one are numbered as in a heap: those below node i are 2 i + 1 and 2 i + 2. */
@final
export class Forest {
  /** How many of the trees there are. */
  grown: i32 = 0;
  /** By tree and node: the covariate that it is split by, -1 of a leaf; where to go left, or what a leaf says. */
  covariate: StaticArray<i32>;
  value: StaticArray<f64>;
  /** By covariate: by how much its splits lowered the sum of squared errors. */
  gains: StaticArray<f64>;
  /** Nodes of a tree. */
  nodes: i32;

  constructor(
    trees: i32,
    public depth: i32,
    public covariates: i32,
  ) {
    const nodes = (this.nodes = (2 << depth) - 1);
    this.covariate = new StaticArray<i32>(trees * nodes);
    this.value = new StaticArray<f64>(trees * nodes);
    this.gains = new StaticArray<f64>(covariates);
  }

  /** The sum of what the trees say of a row. */
  at(row: StaticArray<f64>): f64 {
    let sum = 0.0;
    for (let tree = 0; tree < this.grown; tree++) {
      const root = tree * this.nodes;
      let node = 0;
      for (let c = unchecked(this.covariate[root]); c >= 0; c = unchecked(this.covariate[root + node])) {
        node = 2 * node + 1 + <i32>(unchecked(row[c]) > unchecked(this.value[root + node]));
      }
      sum += unchecked(this.value[root + node]);
    }
    return sum;
  }
}
