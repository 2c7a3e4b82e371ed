import { MessageChannel, receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { withOutput, type Analysis } from "../analyses/analysis.js";
import { DriveshaftError, plainError, type PlainError } from "../errors.js";
import type { Groups } from "./groups.js";
import { setDone, takenOf, type Line } from "./line.js";
import type { Pairs } from "./pairs.js";
import type { Part } from "./part.js";
import { chosenReadings, type Task } from "./read-table.js";
import type { Running } from "./group-inputs.js";
import { columnBuffers } from "../table/transfer.js";
import { shared } from "./shared.js";
import { takeGroups, type Helpers } from "./run-groups.js";
import { readFurther } from "./used.js";
import { tasksOf } from "./variables.js";

/** What a thread is given that is to help with groups. */
export interface Call {
  analysis: string;
  task: Task;
  groups: Groups;
  pairs: Record<string, Pairs>;
  line: Line;
  /** Where its part goes, or why it has none. */
  port: MessagePort;
}

type Answer = { part: Part } | { error: PlainError };

/**
 * Helpers that are called by messages.
 * @param start milliseconds that they take to start
 * @param send hands calls to as many threads
 */
export const helpersBy = (threads: number, start: number, send: (calls: Call[]) => void): Helpers => ({
  start,
  join({ analysis, task, groups, pairs }, line) {
    const channels = Array.from({ length: threads - 1 }, () => new MessageChannel());
    const given = shared({
      analysis: analysis.name,
      task: { ...needed(analysis, task), threads: 1 },
      groups,
      pairs,
      line,
    });
    send(channels.map(({ port1 }) => ({ ...given, port: port1 })));
    return () => channels.flatMap(({ port2 }) => receive(port2));
  },
});

/** A task without what goes into the result as it came, and without tables of pairs, which were matched. */
const needed = (analysis: Analysis, task: Task): Task => ({
  ...chosenReadings(task, (parameter) => !["by", "include"].includes(parameter)),
  tables: Object.fromEntries(Object.entries(task.tables).filter(([name]) => name in analysis.tables)),
});

/** The part of a helper; none where it came too late for a group. @throws the error that it met */
function receive(port: MessagePort): Part[] {
  const received: { message: Answer } | undefined = receiveMessageOnPort(port);
  const answer = received?.message;
  port.close();
  if (!answer) return [];
  if ("part" in answer) return [answer.part];
  const { code, message, hint } = answer.error;
  throw new DriveshaftError(code, message, { hint });
}

/** Helps with groups, as long as there are some. */
export function help({ task, groups, pairs, line, port, ...call }: Call, find: (name: string) => Analysis): void {
  if (takenOf(line) === groups.count) return port.close();
  const answer = (message: Answer, count: number, moving: ArrayBuffer[] = []): void => {
    port.postMessage(message, moving);
    setDone(line, count);
  };
  try {
    const analysis = withOutput(find(call.analysis), task.parameters);
    const further = readFurther(analysis, task, () => {});
    const running: Running = { analysis, task, tasks: tasksOf(analysis, task), groups, pairs, further };
    const part = takeGroups(running, line);
    answer({ part }, part.said.length, columnBuffers(Object.values(part.columns)));
  } catch (error) {
    answer({ error: plainError(error) }, groups.count);
  }
}
