import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { MemoryReport } from "./messages.js";

/** What the last connections left for timers and finalizers to do is done by then. */
const SETTLE_MS = 200;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Reads the process's memory after two garbage collections: the second frees what finalizers of the first let go. */
export async function measureMemory(): Promise<MemoryReport> {
  await sleep(SETTLE_MS);
  collectGarbage();
  await sleep(SETTLE_MS);
  collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  return { type: "memory", rssBytes: rss, heapBytes: heapUsed };
}
