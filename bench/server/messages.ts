/** What the load generator tells a server process. */
export type Command = "begin" | "end" | "stop";

/** What a server process answers: its port at start, its CPU time so far to `begin` and `end`. */
export type Report = { readonly type: "listening"; readonly port: number } | UsageReport;

export interface UsageReport {
  readonly type: "usage";
  /** User and system time of the whole process, all threads. */
  readonly cpuUs: number;
}
