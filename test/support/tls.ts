import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { startServer, type Server } from "#dist/demo/server.js";
import { postgisBinaries } from "./debian.js";
import { open } from "./server.js";

/** A server with TLS, whose certificate is for `localhost`, from an authority of its own, as that of RDS is. */
export interface TlsServer {
  /** A URL of a role, by a name of this machine. */
  url(role: string, host?: "localhost" | "127.0.0.1"): string;
  /** Files in PEM: of the authority, and of another that signed nothing here. */
  authority: string;
  other: string;
  /** A folder that holds nothing of libpq's. */
  home: string;
  close(): Promise<void>;
}

const run = promisify(execFile);

/** @param hba lines that come before those of any server, and setup SQL of the superuser */
export async function startTlsServer(hba: string[], setup: string[]): Promise<TlsServer> {
  const folder = await mkdtemp(path.join(tmpdir(), "driveshaft-tls-"));
  const file = (name: string): string => path.join(folder, name);
  const openssl = (...args: string[]) => run("openssl", args, { cwd: folder });
  for (const name of ["authority", "other"]) {
    const key = ["-newkey", "rsa:2048", "-nodes", "-keyout", `${name}.key`, "-out", `${name}.pem`];
    await openssl("req", "-x509", ...key, "-days", "2", "-subj", `/CN=${name}`);
  }
  await openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "key", "-out", "request", "-subj", "/CN=localhost");
  await writeFile(file("extensions"), "subjectAltName=DNS:localhost");
  const by = ["-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial", "-extfile", "extensions"];
  await openssl("x509", "-req", "-in", "request", ...by, "-days", "2", "-out", "certificate");

  const binaries = process.env.DRIVESHAFT_SERVER === "debian" ? postgisBinaries() : undefined;
  const server: Server = await startServer({}, binaries);
  const admin = await open(server.url());
  // written by the server, whose own a key must be
  const put = (name: string, text: string) =>
    admin.query(`COPY (SELECT '${Buffer.from(text).toString("base64")}') TO PROGRAM 'umask 077; base64 -d > ${name}'`);
  await put("server.key", await readFile(file("key"), "utf8"));
  await put("server.crt", await readFile(file("certificate"), "utf8"));
  await put("pg_hba.conf", [...hba, "host all all 127.0.0.1/32 scram-sha-256"].join("\n") + "\n");
  for (const statement of [...setup, "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()"])
    await admin.query(statement);
  while ((await admin.query<{ ssl: string }>("SHOW ssl")).rows[0]!.ssl !== "on");
  await admin.end();
  return {
    url: (role, host = "localhost") => server.url(role).replace("127.0.0.1", host),
    authority: file("authority.pem"),
    other: file("other.pem"),
    home: folder,
    async close() {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}
