import { setTimeout as pause } from "node:timers/promises";
import { hangUp, type SessionSettings } from "../postgres/connect.js";
import { after } from "../timer.js";
import { connectAs, takeUp, type Session } from "./requester.js";

/** Milliseconds for which a session waits for the next job. */
const KEPT_FOR = 1_000;

/**
 * Milliseconds after which a session is not kept any more: what ALTER ROLE has changed since holds from the next one
 * on.
 */
const LONGEST_LIFE = 30_000;

/** Milliseconds within which the server answers to a session that has nothing else to do. */
const ANSWER_WITHIN = 2_000;

/** What a session is opened with: only a job that asks for the same gets it. */
export interface SessionRequest {
  requester: string;
  /** The requester's connection. */
  url: string;
  settings: SessionSettings;
}

/**
 * The sessions of a worker. To open one costs the server more than all that a small job does in it, so one whose job is
 * published waits a moment for the next job of the same requester.
 */
export interface Sessions {
  /** @throws CONNECTION_FAILED where none can be had that is the requester's */
  take(wanted: SessionRequest, signal: AbortSignal): Promise<Session>;
  /** Back, after a job that succeeded: whatever was done in it is undone. Never rejects. */
  giveBack(session: Session): Promise<void>;
  /** Ends one that is of no more use. @throws where it may not have ended */
  dismiss(session: Session): Promise<void>;
  /** Ends those that wait. */
  end(): Promise<void>;
}

interface Kept {
  session: Session;
  key: string;
  /** What it is for: whose it is, and which settings it has, whatever they say. */
  purpose: string;
  openedAt: number;
  /** Cuts it off. */
  cut: AbortController;
  /** Lets go of the signal of the job at hand. */
  unbind(): void;
}

export function keepSessions(): Sessions {
  const lent = new WeakMap<Session, Kept>();
  const waiting = new Map<Kept, () => void>();

  /** An aborted signal cuts off the session that serves its job, and no other after. */
  function bind(cut: AbortController, signal: AbortSignal): () => void {
    const abort = (): void => cut.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    return () => signal.removeEventListener("abort", abort);
  }

  function stopWaiting(kept: Kept): void {
    waiting.get(kept)?.();
    waiting.delete(kept);
  }

  async function endWaiting(which: (kept: Kept) => boolean): Promise<void> {
    const last = [...waiting.keys()].filter(which);
    last.forEach(stopWaiting);
    await Promise.all(last.map(({ session }) => endOrHangUp(session)));
  }

  /** One that waits and is alive, and is still the requester's. */
  async function takeWaiting(
    key: string,
    { requester }: SessionRequest,
    signal: AbortSignal,
  ): Promise<Kept | undefined> {
    for (const kept of waiting.keys()) {
      if (kept.key !== key) continue;
      stopWaiting(kept);
      kept.unbind = bind(kept.cut, signal);
      if (await answered(takeUp(kept.session, requester))) return kept;
      kept.unbind();
      hangUp(kept.session.client);
      signal.throwIfAborted();
    }
    return undefined;
  }

  async function open(key: string, wanted: SessionRequest, signal: AbortSignal): Promise<Kept> {
    const purpose = JSON.stringify([wanted.requester, Object.keys(wanted.settings)]);
    // or a search_path for each job would fill the server with sessions, and the role's CONNECTION LIMIT
    await endWaiting((kept) => kept.purpose === purpose);
    const cut = new AbortController();
    const unbind = bind(cut, signal);
    try {
      const session = await connectAs(wanted.requester, wanted.url, wanted.settings, cut.signal);
      const kept = { session, key, purpose, openedAt: performance.now(), cut, unbind };
      // one that the server ends is of no use to the next job
      session.client.once("end", () => stopWaiting(kept));
      return kept;
    } catch (error) {
      unbind();
      throw error;
    }
  }

  return {
    async take(wanted, signal) {
      const key = JSON.stringify([wanted.requester, wanted.url, wanted.settings]);
      const kept = (await takeWaiting(key, wanted, signal)) ?? (await open(key, wanted, signal));
      lent.set(kept.session, kept);
      return kept.session;
    },
    async giveBack(session) {
      const kept = lent.get(session)!;
      kept.unbind();
      const { client } = session;
      const young = performance.now() - kept.openedAt < LONGEST_LIFE;
      // settings, prepared statements, advisory locks, what it listens to
      if (young && (await answered(client.query("DISCARD ALL")))) {
        const cancel = after(KEPT_FOR, () => {
          waiting.delete(kept);
          void endOrHangUp(session);
        });
        waiting.set(kept, cancel);
      } else await endOrHangUp(session);
    },
    async dismiss({ client }) {
      if (!(await answered(client.end()))) throw new Error("the server did not end the session");
    },
    end: () => endWaiting(() => true),
  };
}

/** Whether something was answered, in time and well. */
async function answered(asked: Promise<unknown>): Promise<boolean> {
  const late = pause(ANSWER_WITHIN, false, { ref: false });
  return Promise.race([
    asked.then(
      () => true,
      () => false,
    ),
    late,
  ]);
}

/** Ends a session whose backend has nothing to do: it notices by itself where it does not hear of it. */
async function endOrHangUp({ client }: Session): Promise<void> {
  if (!(await answered(client.end()))) hangUp(client);
}
