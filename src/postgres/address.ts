import { DriveshaftError } from "../errors.js";

/**
 * Where a database is, and who logs in. What is not given is left to the environment: PGHOST, PGUSER, PGPASSWORD and so
 * on.
 */
export interface Address {
  /** A name, a number, or the folder of a Unix socket. */
  host?: string | undefined;
  port?: number | undefined;
  user?: string | undefined;
  password?: string | undefined;
  database?: string | undefined;
  /** The password is a token of RDS, made for each connection: the URL begins with rds-iam:// */
  iam: boolean;
  /** What stands behind the question mark. */
  parameters: Record<string, string>;
}

const form =
  /^(?<scheme>postgres|postgresql|rds-iam):\/\/((?<user>[^:/?#]*)(:(?<password>[^/?#]*))?@)?(?<host>\[[\da-f:.]+\]|[^:/?#@,]*)(:(?<port>\d{0,5}))?(\/(?<database>[^?#@]*))?(\?(?<parameters>[^#@]*))?$/i;

/**
 * A URL in the form of libpq, of one host. Reserved characters of a password stand percent-encoded: else a part of it
 * could be taken for a host or a database, and be shown.
 * @throws CONNECTION_FAILED, which shows nothing of a text that is no such URL
 */
export function parseAddress(url: string): Address {
  try {
    const parts = form.exec(url)!.groups!;
    const part = (name: string): string | undefined => decodeURIComponent(parts[name] ?? "") || undefined;
    const parameters = Object.fromEntries(
      (parts.parameters ?? "").split("&").flatMap((pair) => {
        const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
        return name === undefined ? [] : [[decodeURIComponent(name), decodeURIComponent(value!)]];
      }),
    ) as Record<string, string>;
    const port = parameters.port ?? part("port");
    if (port !== undefined && !/^\d{1,5}$/.test(port)) throw new Error("not a port");
    return {
      host: parameters.host ?? part("host")?.replace(/^\[(.*)\]$/, "$1"),
      port: port === undefined ? undefined : Number(port),
      user: parameters.user ?? part("user"),
      password: parameters.password ?? part("password"),
      database: parameters.dbname ?? part("database"),
      iam: /^rds-iam$/i.test(parts.scheme!),
      parameters,
    };
  } catch {
    throw new DriveshaftError("CONNECTION_FAILED", "the connection is not a URL that can be read", {
      hint: "Expected postgres://USER:PASSWORD@HOST:PORT/NAME, rds-iam://USER@HOST:PORT/NAME, or secretsmanager://ARN; in a password, @ is written %40, / %2F, ? %3F, # %23 and % %25.",
    });
  }
}

/** An address as it may be shown: without its password and parameters. */
export function showAddress({ user, host = "", port, database = "" }: Address): string {
  const login = user === undefined ? "" : `${encodeURIComponent(user)}@`;
  const name = host.includes(":") ? `[${host}]` : encodeURI(host);
  return `postgres://${login}${name}${port === undefined ? "" : `:${port}`}/${encodeURIComponent(database)}`;
}
