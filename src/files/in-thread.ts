import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { DriveshaftError, type PlainError } from "../errors.js";
import type { Reading, Rows, Source, SourceColumn } from "../job/source.js";
import type { PairsOfIds } from "../weights/given.js";

/** What the thread is started with: a file of rows, or one of weights. */
export interface FileTask {
  file: string;
  of: "rows" | "weights";
}
/** What a thread with rows is told then. */
export interface ReadOrder {
  readings: Reading[];
  rowLimit: number | undefined;
}
export type FileAnswer = { columns: SourceColumn[] } | { rows: Rows } | { weights: PairsOfIds } | { error: PlainError };

/** How a file is read. */
export interface ReadOptions {
  /** Ends the reading, with its reason. */
  signal?: AbortSignal | undefined;
  /** MB of memory that it may take. */
  memoryMb?: number | undefined;
}

/**
 * A file as a source. It is parsed in a thread of its own, which ends with the memory that took: limits and signals
 * hold meanwhile, as this thread stays free.
 * @throws what `openFile` throws, OUT_OF_MEMORY
 */
export async function fileSource(file: string, options: ReadOptions): Promise<Source> {
  const reader = startReader({ file, of: "rows" }, options);
  const { columns } = (await reader.answer()) as { columns: SourceColumn[] };
  return {
    columns,
    async read(readings, _, rowLimit) {
      reader.order({ readings, rowLimit });
      const { rows } = (await reader.answer()) as { rows: Rows };
      reader.end();
      return rows;
    },
  };
}

/** A file of weights, read likewise. @throws what `readWeightsFile` throws, OUT_OF_MEMORY */
export async function weightsOfFile(file: string, options: ReadOptions): Promise<PairsOfIds> {
  const reader = startReader({ file, of: "weights" }, options);
  const { weights } = (await reader.answer()) as { weights: PairsOfIds };
  reader.end();
  return weights;
}

interface Reader {
  order(order: ReadOrder): void;
  /** Its next answer. @throws its error */
  answer(): Promise<FileAnswer>;
  end(): void;
}

function startReader(task: FileTask, { signal, memoryMb }: ReadOptions): Reader {
  signal?.throwIfAborted();
  const worker = new Worker(new URL("./thread.js", import.meta.url), {
    workerData: task,
    // JSON.parse ends at nothing else
    ...(memoryMb !== undefined && { resourceLimits: { maxOldGenerationSizeMb: memoryMb } }),
  });
  const end = (): void => {
    signal?.removeEventListener("abort", end);
    void worker.terminate();
  };
  signal?.addEventListener("abort", end, { once: true });
  return {
    order: (order) => worker.postMessage(order),
    async answer() {
      worker.ref();
      try {
        const [answer] = (await once(worker, "message", { signal })) as [FileAnswer];
        if (!("error" in answer)) return answer;
        const { code, message, hint } = answer.error;
        throw new DriveshaftError(code, message, { hint });
      } catch (error) {
        end();
        throw understood(error, task.file, signal);
      } finally {
        // whoever does not go on is not held up
        worker.unref();
      }
    },
    end,
  };
}

function understood(error: unknown, file: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if ((error as { code?: string }).code !== "ERR_WORKER_OUT_OF_MEMORY") return error;
  return new DriveshaftError("OUT_OF_MEMORY", `${file} does not fit into the memory that the job may take`, {
    hint: "Give it more with the parameter memory_limit, or load the file into a database.",
    cause: error,
  });
}
