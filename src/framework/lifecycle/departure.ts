import type { Clock } from "../../common/index.js";
import type { Server } from "../../core.js";
import type { Patience } from "./patience.js";

const SLICE_MS = 100;

export interface DeparturePace {
  /** How many connections are ended in a second. */
  readonly perSecond: number;
  /** What is left when it ends goes at once. */
  readonly patience: Patience;
  readonly clock: Clock;
}

/** Ends all connections, some in each tenth of a second: clients that are cut off together come back together. */
export async function disconnectInSlices(
  { engine }: Server,
  { perSecond, patience, clock }: DeparturePace,
): Promise<void> {
  const size = Math.max(1, Math.floor((perSecond * SLICE_MS) / 1_000));
  const connections = Object.values(engine.clients);
  for (let start = 0; start < connections.length; start += size) {
    if (start > 0 && !patience.hasEnded) await pause(clock, patience);
    for (const connection of connections.slice(start, start + size)) connection.shutDown();
  }
}

async function pause(clock: Clock, patience: Patience): Promise<void> {
  let timer: unknown;
  await patience.endsBefore(
    new Promise<void>((resolve) => {
      timer = clock.setTimeout(resolve, SLICE_MS);
    }),
  );
  clock.clearTimeout(timer);
}
