/** Every way to choose `count` of the items, without order. */
export function* subsets<Item>(items: Item[], count: number): Generator<Item[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (let first = 0; first + count <= items.length; first++) {
    for (const rest of subsets(items.slice(first + 1), count - 1)) yield [items[first]!, ...rest];
  }
}

/** Every order of `count` of the items. */
export function* arrangements<Item>(items: Item[], count: number): Generator<Item[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (const item of items) {
    const others = items.filter((other) => other !== item);
    for (const rest of arrangements(others, count - 1)) yield [item, ...rest];
  }
}
