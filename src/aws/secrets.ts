import { DriveshaftError } from "../errors.js";

const SCHEME = "secretsmanager://";

/** Milliseconds for which a secret is not asked for again. */
const KEEP = 300_000;

const kept = new Map<string, { text: Promise<string>; until: number }>();

/** The secret that a reference names, by its ARN or name; nothing where it is no such reference. */
export function secretId(reference: string): string | undefined {
  return reference.startsWith(SCHEME) ? reference.slice(SCHEME.length) : undefined;
}

/** The text of a secret of AWS Secrets Manager. @throws CONNECTION_FAILED */
export function readSecret(id: string): Promise<string> {
  const last = kept.get(id);
  if (last && last.until > Date.now()) return last.text;
  const text = ask(id);
  kept.set(id, { text, until: Date.now() + KEEP });
  text.catch(() => kept.delete(id));
  return text;
}

/** They may have changed: a connection was refused. */
export const forgetSecrets = (): void => kept.clear();

async function ask(id: string): Promise<string> {
  // not loaded where nobody asks AWS
  const { secretText } = await import("./signed.js");
  try {
    return await secretText(id);
  } catch (error) {
    // what broke a request stands behind it
    const cause = ((error as Error).cause ?? error) as Error;
    throw new DriveshaftError("CONNECTION_FAILED", `the secret ${id} cannot be read: ${cause.message}`, {
      hint: "Check its name, and that whoever asks may call secretsmanager:GetSecretValue on it.",
      cause,
    });
  }
}
