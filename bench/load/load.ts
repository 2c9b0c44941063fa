import { setTimeout as sleep } from "node:timers/promises";
import type { ServerProcess } from "../server/server-process.js";
import type { Figure, Sample, Timing } from "../scenarios/scenario.js";
import type { Ledger } from "./ledger.js";

/** A stream of messages that keeps itself going: what comes back triggers what goes out. */
export interface Load {
  /** Counts the units (messages, deliveries) that the result is divided by. */
  readonly ledger: Ledger;
  start(): void;
  /** Sends nothing new; what is on its way still arrives. */
  stop(): void;
}

/** The figures of `measureLoad`. */
export const loadFigures: readonly Figure[] = [
  { header: "per second", format: (perSecond) => Math.round(perSecond).toLocaleString("en") },
  // Share of one core that the server used: near 1 (or above: GC threads) when it was the bottleneck.
  { header: "busy", format: (share) => `${(share * 100).toFixed(0)} %` },
];

/**
 * Server CPU per unit under `load`. The server is idle, with every reply received and counted, both when its clock is
 * first and when it is last read: the division is exact, and warming up is not part of it.
 */
export async function measureLoad(server: ServerProcess, load: Load, timing: Timing): Promise<Sample> {
  await drive(load, timing.warmUpMs);
  const unitsBefore = load.ledger.received;
  await server.beginMeasuring();
  const startedMs = performance.now();
  await drive(load, timing.measureMs);
  const elapsedMs = performance.now() - startedMs;
  const { cpuUs } = await server.endMeasuring();
  const units = load.ledger.received - unitsBefore;
  return { cost: cpuUs / units, figures: [(units / elapsedMs) * 1000, cpuUs / 1000 / elapsedMs] };
}

async function drive(load: Load, durationMs: number): Promise<void> {
  load.start();
  await sleep(durationMs);
  load.stop();
  await load.ledger.settled();
}
