import { readSeconds } from "../seconds.js";

/** How long a job stays with a silent worker or function, in milliseconds. @throws INVALID_PARAMETER */
export const readLease = (name: string, given: string | undefined): number => readSeconds(name, given, 30, 1);
