/** The thread that reads a file: tells its columns, then the rows of those that are chosen; or the weights in it. */
import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { plainError } from "../errors.js";
import { buffersOf, columnBuffers } from "../table/transfer.js";
import type { FileAnswer, FileTask, ReadOrder } from "./in-thread.js";
import { openFile, readWeightsFile } from "./read.js";

const port = parentPort!;
const say = (answer: FileAnswer, transfer: ArrayBuffer[] = []): void => port.postMessage(answer, transfer);

try {
  const { file, of } = workerData as FileTask;
  if (of === "weights") {
    const weights = await readWeightsFile(file);
    const ids = columnBuffers([weights.focal, weights.neighbor]);
    say({ weights }, [...ids, ...buffersOf([weights.weights])]);
  } else {
    const source = await openFile(file);
    say({ columns: source.columns });
    const [{ readings, rowLimit }] = (await once(port, "message")) as [ReadOrder];
    const rows = await source.read(readings, () => {}, rowLimit);
    say({ rows }, columnBuffers(rows.columns));
  }
} catch (error) {
  say({ error: plainError(error) });
}
