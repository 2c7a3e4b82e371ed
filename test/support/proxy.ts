import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/**
 * What the network does to the connections that stand at that moment: breaks them off, swallows all bytes for ever,
 * loses the server's end so that only the server notices, or carries little. Or it lets no new ones through.
 */
export type Fault = "reset" | "stall" | "half-open" | "slow" | "closed";

/** A TCP proxy that can be told to fail. Connections made after a fault are sound, but where it is closed. */
export interface Proxy {
  /** A connection URL that leads through it. */
  through(url: string): string;
  /** @param forMs how long a slow network is slow, and a closed one closed */
  fail(fault: Fault, forMs?: number): void;
  /** Bytes that wait in it. */
  waiting(): number;
  close(): Promise<void>;
}

interface Pair {
  down: Socket;
  up: Socket;
  swallow: boolean;
}

/** Bytes a second of a slow connection. */
const SLOW = 1_000_000;

export async function startProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<Pair>();
  /** Faults that last a while. */
  const lasting = new Set<Fault>();

  const server = createServer((down) => {
    if (lasting.has("closed")) return void down.resetAndDestroy();
    const up = connect(Number(port), hostname);
    const pair: Pair = { down, up, swallow: false };
    pairs.add(pair);
    carry(pair, down, up);
    carry(pair, up, down);
  });

  function carry(pair: Pair, from: Socket, to: Socket): void {
    from.on("data", (chunk) => {
      // a network that swallows bytes does not take them in endlessly either
      if (pair.swallow) return void from.pause();
      const more = to.write(chunk);
      if (lasting.has("slow")) {
        from.pause();
        setTimeout(() => from.resume(), (1000 * chunk.length) / SLOW);
      } else if (!more) {
        from.pause();
        to.once("drain", () => from.resume());
      }
    });
    from.on("error", () => {});
    from.on("close", () => {
      if (pair.swallow) return;
      to.destroySoon();
      pairs.delete(pair);
    });
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const own = (server.address() as AddressInfo).port;
  return {
    through(url) {
      const led = new URL(url);
      led.hostname = "127.0.0.1";
      led.port = String(own);
      return led.href;
    },
    fail(fault, forMs = 2000) {
      if (fault === "slow" || fault === "closed") {
        lasting.add(fault);
        setTimeout(() => lasting.delete(fault), forMs).unref();
        return;
      }
      for (const pair of pairs) {
        if (fault === "reset") {
          pair.down.resetAndDestroy();
          pair.up.resetAndDestroy();
          continue;
        }
        pair.swallow = true;
        if (fault === "half-open") pair.up.resetAndDestroy();
      }
    },
    waiting: () => [...pairs].reduce((sum, { down, up }) => sum + down.writableLength + up.writableLength, 0),
    async close() {
      for (const { down, up } of pairs) {
        down.destroy();
        up.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
