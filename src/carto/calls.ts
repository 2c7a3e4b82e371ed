import { setTimeout as pause } from "node:timers/promises";
import { DriveshaftError } from "../errors.js";
import { answered, refused, unreachable } from "./errors.js";

/** An account of CARTO, in the cloud or on premises. */
export interface Account {
  /** Where it is: `https://user.carto.com`, or `https://host/user/name` on premises. */
  url: string;
  apiKey: string;
}

export type Row = Record<string, unknown>;

/** How calls are made. */
export interface Calling {
  /** Ends calls that are under way. */
  signal?: AbortSignal | undefined;
  /**
   * Milliseconds for which a call waits for its turn where there have been too many, all together; default a minute.
   */
  waitMs?: number;
  /** Milliseconds after which an answer is no longer waited for; default as long as it takes. */
  answerMs?: number;
}

/** Calls of the APIs of an account. Every call may throw the errors of errors.ts. */
export interface Calls {
  /** One call. A refusal for the rate of calls is waited out, where the body can be sent again. */
  call(path: string, init: RequestInit & { duplex?: "half" }): Promise<Response>;
  /** The JSON of an answer. */
  json(answer: Response): Promise<Row>;
}

/** @throws INVALID_PARAMETER where the account is no URL of one */
export function callsOf({ url, apiKey }: Account, { signal, waitMs = 60_000, answerMs }: Calling = {}): Calls {
  const { base, user } = addressOf(url);
  const authorization = `Basic ${Buffer.from(`${user}:${apiKey}`).toString("base64")}`;
  return {
    async call(path, init) {
      const until = performance.now() + waitMs;
      for (;;) {
        const headers = new Headers(init.headers);
        headers.set("authorization", authorization);
        const ending = answerMs === undefined ? signal : AbortSignal.timeout(answerMs);
        const answer = await fetch(`${base}${path}`, {
          ...init,
          headers,
          redirect: "error",
          ...(ending && { signal: ending }),
        }).catch((error: unknown) => {
          signal?.throwIfAborted();
          throw unreachable(base, error);
        });
        if (answer.ok) return answer;
        const { error, retryMs } = await refused(answer, url);
        if (retryMs === undefined || init.duplex || performance.now() + retryMs > until) throw error;
        await pause(retryMs, undefined, { signal });
      }
    },

    async json(answer) {
      const said = (await answer.json().catch((error: unknown) => {
        signal?.throwIfAborted();
        throw unreachable(base, error);
      })) as Row;
      return answered(answer, url, said);
    },
  };
}

/** The APIs of an account, and the name of its user. @throws INVALID_PARAMETER */
function addressOf(account: string): { base: string; user: string } {
  const url = URL.canParse(account) ? new URL(account) : undefined;
  const path = url && /^\/(?:user\/([\w-]+)\/?)?$/.exec(url.pathname);
  const user = path && (path[1] ?? /^([\w-]+)\../.exec(url.hostname)?.[1]);
  // Basic authentication is as open as the connection: only this machine is reached without TLS
  const secure = url?.protocol === "https:" || url?.hostname === "127.0.0.1" || url?.hostname === "localhost";
  if (!url || !user || !secure || url.username !== "" || url.search !== "") {
    throw new DriveshaftError("INVALID_PARAMETER", "the account of CARTO is no URL of one", {
      hint: "Expected https://user.carto.com, or https://host/user/name on premises; the key is given apart.",
    });
  }
  return { base: `${url.origin}${path[1] ? `/user/${user}` : ""}/api`, user };
}
