import { DriveshaftError } from "../errors.js";
import { connectionsFromEnvironment } from "../queue/connections.js";

/**
 * The database connections of a function, in its environment: DRIVESHAFT_DATABASE, the worker's own, and
 * DRIVESHAFT_CONNECTIONS, a JSON object with one for each role, or a secret with it. Each is in one of the forms of
 * postgres/reference.ts.
 */
export interface Credentials {
  /** The worker's own connection. @throws CONNECTION_FAILED */
  database(): string;
  /** The roles whose jobs the function may run. */
  roles(): Promise<string[]>;
  /** The connection of a role. @throws CONNECTION_FAILED */
  connection(role: string): Promise<string>;
}

export function credentialsFromEnvironment(environment: NodeJS.ProcessEnv = process.env): Credentials {
  const connections = connectionsFromEnvironment("DRIVESHAFT_CONNECTIONS", environment);
  return {
    database() {
      const { DRIVESHAFT_DATABASE: database } = environment;
      if (database) return database;
      throw new DriveshaftError("CONNECTION_FAILED", "the function's environment has no DRIVESHAFT_DATABASE", {
        hint: "See docs/deploying.md.",
      });
    },
    roles: async () => Object.keys(await connections()),
    async connection(role) {
      const reference = (await connections())[role];
      if (reference !== undefined) return reference;
      // a URL in the place of a role may hold a password
      const shown = /^\w{1,63}$/.test(role) ? role : "the role that the event names";
      throw new DriveshaftError("CONNECTION_FAILED", `the function has no credentials for ${shown}`, {
        hint: "connection is the name of a role that DRIVESHAFT_CONNECTIONS lists.",
      });
    },
  };
}
