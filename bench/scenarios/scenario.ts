import type { ServerProcess } from "../server/server-process.js";

/** How long each part of one measurement takes. */
export interface Timing {
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** One measurement of one peer in one round. */
export interface Sample {
  /** What peers are compared by, in the scenario's `unit`; lower is better. */
  readonly cost: number;
  /** Units per second. */
  readonly perSecond: number;
  /** Share of one core that the server used: near 1 (or above: GC threads) when it was the bottleneck. */
  readonly busy: number;
}

/** One thing to measure, the same for every peer. */
export interface Scenario {
  /** What `--scenario` takes. */
  readonly name: string;
  readonly title: string;
  /** Of what `cost` is the price, such as "message". */
  readonly unit: string;
  /** Runs against a fresh server, with the load generator in this process. Throws when a reply is wrong or missing. */
  measure(server: ServerProcess, timing: Timing): Promise<Sample>;
}
