import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { ConnectionOptions } from "node:tls";
import type pg from "pg";
import { DriveshaftError } from "../errors.js";
import type { Address } from "./address.js";

/** How one attempt at a connection uses TLS. */
export type Tls = Pick<pg.ClientConfig, "ssl" | "sslnegotiation">;

const without: Tls = { ssl: false, sslnegotiation: "postgres" };

const modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/** Parameters of libpq that are honored, or that change nothing here. */
const known = ["ssl", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslnegotiation", "sslcompression", "sslsni"];

/**
 * The attempts that `sslmode` allows, in their order, as libpq makes them
 * (https://www.postgresql.org/docs/current/libpq-ssl.html): without a root certificate no mode below verify-ca checks
 * the server's, with one all that use TLS do. It is the file `sslrootcert`, $PGSSLROOTCERT or ~/.postgresql/root.crt.
 * Two differences: a file that is named must be there; and without one, verify-full goes by the certificates that
 * Node.js knows, as libpq does with `sslrootcert=system`.
 * @throws CONNECTION_FAILED for a mode or a parameter that is not known, and files that cannot be read
 */
export async function tlsAttempts({ host, parameters }: Address): Promise<Tls[]> {
  const unknown = Object.keys(parameters).find((name) => name.startsWith("ssl") && !known.includes(name));
  if (unknown !== undefined) throw refused(`does not know the parameter ${unknown} of the URL`, known.join(", "));
  const system = (parameters.sslrootcert ?? process.env.PGSSLROOTCERT) === "system";
  const mode =
    parameters.sslmode ??
    (parameters.ssl === "true" ? "require" : process.env.PGSSLMODE) ??
    (system ? "verify-full" : "prefer");
  if (!modes.includes(mode)) throw refused(`has no sslmode ${JSON.stringify(mode)}`, modes.join(", "));
  if (system && mode !== "verify-full") throw refused(`takes no sslrootcert=system with ${mode}`, "verify-full");
  // a Unix socket is as private as it gets
  if (mode === "disable" || (host ?? process.env.PGHOST)?.startsWith("/")) return [without];

  const ca = system ? undefined : await fileOf(parameters, "sslrootcert", "root.crt");
  if (mode === "verify-ca" && ca === undefined)
    throw refused("needs sslrootcert for verify-ca", "a file of certificates");
  const cert = await fileOf(parameters, "sslcert", "postgresql.crt");
  const ssl: ConnectionOptions = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert, key: await fileOf(parameters, "sslkey", "postgresql.key") }),
    ...(mode !== "verify-full" &&
      (ca === undefined ? { rejectUnauthorized: false } : { checkServerIdentity: () => undefined })),
  };
  const direct = (parameters.sslnegotiation ?? process.env.PGSSLNEGOTIATION) === "direct";
  const tls: Tls = { ssl, sslnegotiation: direct ? "direct" : "postgres" };
  if (direct && (mode === "allow" || mode === "prefer"))
    throw refused(`takes no sslnegotiation=direct with ${mode}`, "require or more");
  if (mode === "allow") return [without, tls];
  return mode === "prefer" ? [tls, without] : [tls];
}

/** Milliseconds for which a server is taken to have no TLS that said so: asking costs it a process each time. */
const REMEMBERED = 300_000;

const withoutTls = new Map<string, number>();

const placeOf = ({ host = "", port = 0 }: Address): string => `${host}:${port}`;

/** The attempts in the order in which a server that was met before is likely to take them. */
export function inOrderFor(address: Address, attempts: Tls[]): Tls[] {
  const knownUntil = withoutTls.get(placeOf(address)) ?? 0;
  return knownUntil > performance.now() ? attempts.toSorted((a, b) => Number(!!a.ssl) - Number(!!b.ssl)) : attempts;
}

/** Remembers a server that has no TLS. @param error what an attempt with TLS failed with */
export function noteRefusal(address: Address, error: unknown): void {
  if ((error as Error).message.includes("does not support SSL"))
    withoutTls.set(placeOf(address), performance.now() + REMEMBERED);
}

/** Whether another attempt may succeed where this one did not: TLS failed, or the server wants or refuses it. */
export function isTlsMatter(error: unknown): boolean {
  const { code = "", message } = error as NodeJS.ErrnoException;
  // 28000: no entry of pg_hba.conf
  return code === "28000" || /\bSSL\b|\bTLS\b|^ERR_(SSL|TLS)|CERT|^UNABLE_TO_/.test(`${code} ${message}`);
}

/** Whether nobody known signed the server's certificate. */
export function isUntrusted(error: unknown): boolean {
  return /SELF_SIGNED|^UNABLE_TO_/.test((error as NodeJS.ErrnoException).code ?? "");
}

async function fileOf(
  parameters: Record<string, string>,
  name: string,
  byDefault: string,
): Promise<string | undefined> {
  const given = parameters[name] ?? process.env[`PG${name.toUpperCase()}`];
  try {
    return await readFile(given || path.join(homedir(), ".postgresql", byDefault), "utf8");
  } catch (cause) {
    if (!given) return undefined;
    throw refused(`cannot read ${name}: ${(cause as Error).message}`, "a file in PEM", cause);
  }
}

function refused(what: string, expected: string, cause?: unknown): DriveshaftError {
  return new DriveshaftError("CONNECTION_FAILED", `the connection ${what}`, { hint: `Expected ${expected}.`, cause });
}
