/** Replaces the first table under a heading of a page of the documentation. */
export function replaceTable(page, heading, rows) {
  const at = page.indexOf(`\n## ${heading}\n`);
  const begin = page.indexOf("\n|", at) + 1;
  if (at < 0 || begin === 0) throw new Error(`no table under ${heading}`);
  let end = begin;
  while (page[end] === "|") end = page.indexOf("\n", end) + 1;
  return page.slice(0, begin) + rows.join("\n") + "\n" + page.slice(end);
}
