import { serve, type ServeOptions } from "../queue/serve.js";
import { sendDue, type SendOptions } from "./send-due.js";

export interface GatewayOptions
  extends ServeOptions, Pick<SendOptions, "functions" | "invoker" | "onSent" | "onEnd" | "onError"> {
  /** `Event`, the default, hands jobs over; `RequestResponse` waits for the end of each. */
  type?: SendOptions["type"];
  /** Jobs sent or running at a time, default 10. */
  most?: number;
  /** Wait before an invocation that failed for a passing reason is tried again, default 5 s. */
  retryMs?: number;
  /** How long until a function is told again of a job that none has claimed, default 1 min. */
  againMs?: number;
  /** The analyses there are, whose functions are looked for at the start. */
  analyses: string[];
}

/**
 * Invokes functions for the jobs of the engine `lambda` until told to stop; then it waits for the answers that are due.
 * @throws INVOKE_FAILED where a function is missing or may not be invoked, and what `serve` throws
 */
export async function gateway(options: GatewayOptions): Promise<void> {
  const { functions, invoker, type = "Event", most = 10, retryMs = 5_000, againMs = 60_000 } = options;
  for (const name of new Set(options.analyses.map(functions))) await invoker.check(name);

  await serve(options, async ({ jobs, bell, name, inBackground }) => {
    const { onSent, onEnd, onError } = options;
    const engines = ["lambda"] as const;
    const how = { name, engines, functions, invoker, type, most, againMs, retryMs, onSent, onEnd, onError };
    for (const one of await sendDue(jobs, how)) inBackground(one.finally(bell.ring));
    return false;
  });
}
