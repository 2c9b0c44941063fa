/** What the load generator tells a server process. */
export type Command = "begin" | "end" | "memory" | "stop";

/** What a server process answers: its port at start, its CPU time so far to `begin` and `end`, its memory to `memory`. */
export type Report = { readonly type: "listening"; readonly port: number } | UsageReport | MemoryReport;

export interface UsageReport {
  readonly type: "usage";
  /** User and system time of the whole process, all threads. */
  readonly cpuUs: number;
}

export interface MemoryReport {
  readonly type: "memory";
  /** What the process holds of the machine's memory, after a garbage collection. */
  readonly rssBytes: number;
  /** What JavaScript objects take of it. */
  readonly heapBytes: number;
}
