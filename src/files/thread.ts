/** The thread that reads a file: tells its columns, then the rows of those that are chosen; or the weights in it. */
import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { buffersOf, pairArrays, rowBuffers } from "../table/columns.js";
import { plainError } from "../errors.js";
import { idArrays } from "../table/raw.js";
import type { FileAnswer, FileTask, ReadOrder } from "./in-thread.js";
import { openFile, readWeightsFile } from "./read.js";

const port = parentPort!;
const say = (answer: FileAnswer, transfer: ArrayBuffer[] = []): void => port.postMessage(answer, transfer);

try {
  const { file, of } = workerData as FileTask;
  if (of === "weights") {
    const weights = await readWeightsFile(file);
    say({ weights }, buffersOf(pairArrays(weights)));
  } else {
    const source = await openFile(file);
    say({ columns: source.columns });
    const [{ choice, rowLimit }] = (await once(port, "message")) as [ReadOrder];
    const rows = await source.read(choice, () => {}, rowLimit);
    say({ rows }, [...new Set([...rowBuffers(rows), ...buffersOf(idArrays(rows.ids))])]);
  }
} catch (error) {
  say({ error: plainError(error) });
}
