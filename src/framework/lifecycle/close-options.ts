import { GatewayError } from "../errors.js";

/** How an application goes down; see docs/shutdown.md. */
export interface CloseOptions {
  /**
   * How long to go on serving after `/health/ready` says no, so that a load balancer hears of it before anyone is refused,
   * in milliseconds. @default 0
   */
  readonly noticeMs?: number;
  /** How long handlers in flight and disconnect hooks may take to end, in milliseconds. @default 10_000 */
  readonly drainMs?: number;
  /** How long the closing hooks of providers may take together, in milliseconds. @default 10_000 */
  readonly hooksMs?: number;
  /** How many connections are ended in a second, as long as `drainMs` allows it. @default 1_000 */
  readonly disconnectsPerSecond?: number;
  /** When clients that are refused meanwhile are told to come back, in milliseconds. @default 5_000 */
  readonly retryAfterMs?: number;
}

export type ResolvedCloseOptions = Required<CloseOptions>;

const DEFAULTS: ResolvedCloseOptions = {
  noticeMs: 0,
  drainMs: 10_000,
  hooksMs: 10_000,
  disconnectsPerSecond: 1_000,
  retryAfterMs: 5_000,
};

/** @throws GatewayError `GATEWAY_BAD_OPTION` */
export function resolveCloseOptions(...given: readonly CloseOptions[]): ResolvedCloseOptions {
  const options: Record<string, number> = { ...DEFAULTS };
  for (const [option, value] of given.flatMap((each) => Object.entries(each) as [string, unknown][])) {
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value >= 0)) {
      const expected = "a number of 0 or more";
      throw new GatewayError("GATEWAY_BAD_OPTION", { values: { option, value: JSON.stringify(value), expected } });
    }
    options[option] = value;
  }
  return options as unknown as ResolvedCloseOptions;
}
