import { plainError } from "../errors.js";
import type { Engine } from "../job/engines.js";
import type { Due, Queue } from "../queue/queue.js";
import type { Functions } from "./functions.js";
import { isPassing, type Invoker } from "./invoke.js";

export interface SendOptions {
  /** Who sends, as the list of workers shows it. */
  name: string;
  /** Whose jobs are sent. */
  engines: readonly Engine[];
  functions: Functions;
  invoker: Invoker;
  /** `RequestResponse` waits for the end of each job, `Event` does not. */
  type: "Event" | "RequestResponse";
  /** Jobs sent or running at a time; where not given, what the installation says. */
  most?: number | undefined;
  /** Milliseconds after which a function is told again of a job whose event seems lost. */
  againMs: number;
  /** Milliseconds until an invocation that failed for a passing reason is tried again. */
  retryMs: number;
  onSent?(due: Due): void;
  /** @param answer what the function answered, of type RequestResponse */
  onEnd?(due: Due, answer: unknown): void;
  onError?(due: Due, message: string): void;
}

/**
 * Tells functions of the jobs that are due. What cannot be told is noted with the job: it waits, or has failed where
 * waiting would not help. Functions claim their jobs themselves, so one sent twice runs once.
 * @returns for each job a promise that resolves when its invocation has ended, and never rejects unless the queue fails
 */
export async function sendDue(jobs: Queue, options: SendOptions): Promise<Promise<void>[]> {
  const due = await jobs.dispatch(options.name, options.engines, options.most, options.againMs);
  return due.map((one) => send(jobs, one, options));
}

async function send(
  jobs: Queue,
  due: Due,
  { functions, invoker, type, retryMs, onSent, onEnd, onError }: SendOptions,
): Promise<void> {
  try {
    onSent?.(due);
    const answer = await invoker.invoke(functions(due.analysis), { job: due.job, analysis: due.analysis }, type);
    if (type === "RequestResponse") onEnd?.(due, answer);
  } catch (error) {
    const plain = plainError(error);
    onError?.(due, `${plain.code}: ${plain.message}`);
    // where the function had claimed the job already, this does nothing: its lease runs out, and it is sent again
    await jobs.noteSendFailure(due.job, plain, isPassing(error) ? retryMs : undefined);
  }
}
