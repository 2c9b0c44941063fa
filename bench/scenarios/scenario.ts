import type { ServerProcess } from "../server/server-process.js";

/** How long each part of one measurement takes. */
export interface Timing {
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** A column of the table that says more than the cost. */
export interface Figure {
  readonly header: string;
  readonly format: (value: number) => string;
}

/** One measurement of one peer in one round. */
export interface Sample {
  /** What peers are compared by; lower is better. */
  readonly cost: number;
  /** One value for each of the scenario's `figures`. */
  readonly figures: readonly number[];
}

/** One thing to measure, the same for every peer. */
export interface Scenario {
  /** What `--scenario` takes. */
  readonly name: string;
  readonly title: string;
  /** What the cost is, such as "CPU µs per message". */
  readonly cost: string;
  readonly figures: readonly Figure[];
  /** For the command line of the server's node. */
  readonly nodeOptions?: readonly string[];
  /** For the server's environment, beside what all servers have. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Runs against a fresh server, with the load generator in this process. Throws when a reply is wrong or missing. */
  measure(server: ServerProcess, timing: Timing): Promise<Sample>;
}
