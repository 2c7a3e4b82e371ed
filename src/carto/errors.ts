import { DriveshaftError, type ErrorCode } from "../errors.js";

/** What the SQL API says when something is wrong. */
interface Complaint {
  error?: string[];
  context?: string;
  detail?: string;
  hint?: string;
}

/** A complaint of an account's SQL API, in our terms. */
function complaint(account: string, status: number, { error, context, detail, hint }: Complaint): DriveshaftError {
  const message = error?.join("; ") ?? `CARTO answered with status ${status}`;
  const fail = (code: ErrorCode, text: string, advice?: string): DriveshaftError =>
    new DriveshaftError(code, text, { hint: advice ?? hint, cause: { status, message } satisfies Said });
  if (/quota exceeded|maximum POST size/i.test(message)) {
    return fail(
      "QUOTA_EXCEEDED",
      `CARTO takes no more data: ${message}`,
      "Delete tables, or carry fewer columns along.",
    );
  }
  if (isTimeout(status, context, detail, message)) {
    return fail(
      "TIMEOUT",
      `CARTO ended a statement that took too long: ${message}`,
      "Ask for fewer rows, or simplify the query.",
    );
  }
  if (status === 429) {
    return fail(
      "RATE_LIMITED",
      `CARTO takes no more calls for now: ${message}`,
      "Wait, or have the account's limits raised.",
    );
  }
  if (status === 401) {
    return fail(
      "ACCESS_DENIED",
      `${account} does not know the key: ${message}`,
      "Check that it is a key of this account.",
    );
  }
  if (status === 403) {
    return fail(
      "ACCESS_DENIED",
      `the key may not do that: ${message}`,
      message.includes("system tables")
        ? "A query that reads system tables needs the master key of the account."
        : "Give a key that may read the tables of the query and create tables, or the master key of the account.",
    );
  }
  if (status === 404) {
    return fail("INVALID_PARAMETER", `there is no account of CARTO at ${account}: ${message}`, "Check its URL.");
  }
  if (status >= 500) return fail("CONNECTION_FAILED", `CARTO fails: ${message}`);
  return fail("QUERY_FAILED", `CARTO says: ${message}`);
}

/** What an error keeps of the answer that it is made of. */
interface Said {
  status: number;
  message: string;
}

/** Whether the account is there, and what was called is not. */
export function hasNoSuchCall(error: unknown): boolean {
  const { status, message } = ((error as DriveshaftError).cause ?? {}) as Partial<Said>;
  return status === 404 && !/CARTO user/i.test(message!);
}

const isTimeout = (status: number, context?: string, detail?: string, message = ""): boolean =>
  (status === 429 && context === "limit" && detail === "datasource") || /statement timeout/i.test(message);

/** An answer that is a refusal. `retryMs` says when the same call may succeed. */
export async function refused(
  answer: Response,
  account: string,
): Promise<{ error: DriveshaftError; retryMs: number | undefined }> {
  const said = (await answer.json().catch(() => ({}))) as Complaint;
  const error = complaint(account, answer.status, said);
  const seconds = Number(answer.headers.get("retry-after") ?? NaN);
  return { error, retryMs: error.code === "RATE_LIMITED" && seconds >= 0 ? seconds * 1000 + 50 : undefined };
}

/** An answer of status 200, which may hold an error all the same. */
export function answered<Body extends object>(answer: Response, account: string, said: Body): Body {
  if ("error" in said) throw complaint(account, answer.status, said as Complaint);
  return said;
}

/** An error that was written after the data of copyto, when its status was long sent. Undefined where there is none. */
export function complaintAtEnd(tail: Buffer): DriveshaftError | undefined {
  const text = tail.toString("latin1");
  const at = text.lastIndexOf('{"error"');
  if (at < 0) return undefined;
  try {
    return complaint("CARTO", 200, JSON.parse(tail.subarray(at).toString("utf8")) as Complaint);
  } catch {
    return undefined;
  }
}

export function unreachable(base: string, error: unknown): DriveshaftError {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  return new DriveshaftError(
    "CONNECTION_FAILED",
    `the connection to ${base} failed: ${cause?.code ?? cause?.message ?? message}`,
    {
      hint: "Check the URL of the account, and ask again.",
      cause: error,
    },
  );
}
