import type pg from "pg";
import type { SessionSettings } from "../postgres/connect.js";
import type { Claim, Queue } from "./queue.js";
import { terminate, type Session } from "./requester.js";
import type { Sessions } from "./sessions.js";
import { watchStalls } from "./stalls.js";

/** The sessions of one attempt at a job: each is watched for stalls, and its backend noted before it is used. */
export interface AttemptSessions {
  open(settings: SessionSettings, signal: AbortSignal): Promise<pg.Client>;
  /** After a publication: they wait for the next job. */
  giveBack(): Promise<void>;
  /** After a failure. @param cutOff whether something may still go on in them */
  end(cutOff: boolean): Promise<void>;
}

export interface AttemptSessionsOptions {
  queue: Queue;
  claim: Claim;
  /** The requester's connection. */
  url: string;
  sessions: Sessions;
  /** Milliseconds for which a connection may move no bytes before it is looked at. */
  stallMs: number;
  /** Called with the error to end the attempt with, where a connection is dead. */
  onStall(error: Error): void;
}

export function attemptSessions(options: AttemptSessionsOptions): AttemptSessions {
  const { queue, claim, url, sessions } = options;
  const taken: Session[] = [];
  const watch = watchStalls(url, options.stallMs, options.onStall);
  return {
    async open(settings, signal) {
      const session = await sessions.take({ requester: claim.requester, url, settings }, signal);
      taken.push(session);
      watch.add(session);
      await queue.noteBackend(claim, session);
      return session.client;
    },
    async giveBack() {
      watch.stop();
      // the publication has removed the notes of their backends
      await Promise.all(taken.map((session) => sessions.giveBack(session)));
    },
    async end(cutOff) {
      watch.stop();
      try {
        // what was cut off may go on there, or refuse to end
        if (cutOff) await terminate(url, taken);
        else await Promise.all(taken.map((session) => sessions.dismiss(session)));
        for (const session of taken) await queue.forgetBackend(session);
      } catch {
        // a server that cannot be reached ends them itself when it notices; if not, the next worker does, by their
        // notes
      }
    },
  };
}
