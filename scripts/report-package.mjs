/** Prints what `serverless package` made: the size of each function, beside the limit and what Python would bring. */
import { readdir, stat } from "node:fs/promises";

const folder = ".serverless";

/** What Lambda takes of a zip. */
const LIMIT = 50e6;

/**
 * Debian 12's packages of numpy, scipy, libpysal, and the BLAS and LAPACK that they link to: bytes packed and unpacked.
 */
const PYTHON = { packed: 31.6e6, unpacked: 152e6 };

const kb = (bytes) => `${Math.round(bytes / 1e3)} KB`;
const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

const zips = (await readdir(folder)).filter((name) => name.endsWith(".zip")).sort();
const sizes = await Promise.all(zips.map(async (name) => (await stat(`${folder}/${name}`)).size));
zips.forEach((name, i) => console.log(`${name.slice(0, -4).padEnd(20)} ${kb(sizes[i]).padStart(7)}`));
const largest = Math.max(...sizes);
console.log(`
The largest zip   ${kb(largest)}
Lambda takes      ${mb(LIMIT)}, ${Math.floor(LIMIT / largest)} times as much
numpy, scipy and libpysal   ${mb(PYTHON.packed)}, ${Math.floor(PYTHON.packed / largest)} times as much (unpacked ${mb(PYTHON.unpacked)})`);
