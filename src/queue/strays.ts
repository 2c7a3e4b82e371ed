import { plainError } from "../errors.js";
import type { Connections } from "./connections.js";
import type { Queue } from "./queue.js";
import { terminate } from "./requester.js";

/**
 * Ends backends of attempts whose workers were lost.
 * @param left told of roles whose backends could not be ended now; an empty text where they were
 */
export async function endStrays(
  jobs: Queue,
  connections: Connections,
  left: (requester: string, why: string) => void = () => {},
): Promise<void> {
  const strays = await jobs.strayBackends(Object.keys(connections));
  for (const requester of new Set(strays.map((stray) => stray.requester))) {
    const theirs = strays.filter((stray) => stray.requester === requester);
    try {
      await terminate(connections[requester]!, theirs);
    } catch (error) {
      left(requester, plainError(error).message);
      continue;
    }
    for (const backend of theirs) await jobs.forgetBackend(backend);
  }
}
