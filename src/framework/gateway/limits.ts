import { toMilliseconds } from "../duration.js";
import { GatewayError } from "../errors.js";
import { misplaced } from "../metadata/records.js";
import type { OrderRecord, RateLimitOptions } from "../metadata/types.js";
import { Named, type OrderContract, type RateLimitContract } from "./contract.js";

/**
 * @param where - what carries them, for errors.
 * @param by - whose calls count together where a limit does not say.
 * @throws GatewayError `GATEWAY_BAD_OPTION`, `GATEWAY_BAD_DURATION`
 */
export function readRateLimits(
  limits: readonly RateLimitOptions[],
  where: string,
  by: "socket" | "ip",
): readonly RateLimitContract[] {
  return limits.map((limit) => {
    if (by === "socket" && limit.on === "connection") throw misplaced("RateLimit", where, ON_CONNECTION_MEND);
    const option = `of @RateLimit on ${where}`;
    const points = toCount(limit.points, `points ${option}`);
    const perMs = toMilliseconds(limit.per, `per ${option}`);
    if (perMs === 0) throw badOption(`per ${option}`, limit.per, "a duration of more than 0");
    return { points, perMs, by: toKey(limit.by ?? by, ["socket", "user", "ip"] as const, `by ${option}`) };
  });
}

const COUNTED: readonly unknown[] = [undefined, "events", "connection"] satisfies RateLimitOptions["on"][];

const ON_CONNECTION_MEND =
  'A handler limits events: put { on: "connection" } on the class, or the limit on @OnConnect.';

/**
 * Tells the limits of a gateway apart: those of its events, and those of the connections to its namespace.
 *
 * @throws GatewayError `GATEWAY_BAD_OPTION`, `GATEWAY_BAD_DURATION`, `GATEWAY_MISPLACED_DECORATOR`
 */
export function readGatewayLimits(
  limits: readonly RateLimitOptions[],
  where: string,
): { readonly rateLimits: readonly RateLimitContract[]; readonly connectLimits: readonly RateLimitContract[] } {
  for (const { on } of limits) {
    if (!COUNTED.includes(on)) throw badOption(`on of @RateLimit on ${where}`, on, '"events" or "connection"');
  }
  const isOnConnection = ({ on }: RateLimitOptions): boolean => on === "connection";
  const connectLimits = readRateLimits(limits.filter(isOnConnection), where, "ip");
  checkConnectLimits(connectLimits, where);
  const onEvents = limits.filter((limit) => !isOnConnection(limit));
  return { rateLimits: readRateLimits(onEvents, where, "socket"), connectLimits };
}

/** @throws GatewayError `GATEWAY_MISPLACED_DECORATOR`: a connection has no socket before it, whose calls could be counted. */
export function checkConnectLimits(limits: readonly RateLimitContract[], label: string): void {
  if (limits.some(({ by }) => by === "socket")) {
    throw misplaced("RateLimit", label, 'Count connections by "ip" or by a function: each has a socket of its own.');
  }
}

/** @returns `undefined` for a handler in the order of arrival. @throws GatewayError for what cannot go together. */
export function readOrder({ concurrency, serial, isLatest }: OrderRecord, where: string): OrderContract | undefined {
  if (concurrency === undefined && serial === undefined && isLatest === undefined) return undefined;
  if (concurrency !== undefined && isLatest === true) {
    throw misplaced("Concurrency", where, "Of a @Latest() handler one event counts at a time: keep one of the two.");
  }
  return {
    ...(concurrency !== undefined && { concurrency: toCount(concurrency, `@Concurrency of ${where}`) }),
    ...(serial !== undefined && { serial: toKey(serial, ["user"] as const, `@Serial of ${where}`) }),
    ...(isLatest && { isLatest }),
  };
}

/** Which of the decorators that order events stands there; for the error. */
export function orderDecorator({ concurrency, serial, isLatest }: OrderRecord): string {
  if (concurrency !== undefined) return "Concurrency";
  if (serial !== undefined) return "Serial";
  return isLatest === true ? "Latest" : "";
}

function toKey<Word extends string, Key>(
  key: Word | Key,
  words: readonly Word[],
  option: string,
): Word | Named<Exclude<Key, string>> {
  const word = words.find((each) => each === key);
  if (word !== undefined) return word;
  if (typeof key === "function") return new Named(key.name === "" ? "custom" : key.name, key as Exclude<Key, string>);
  throw badOption(option, key, `${words.map((each) => `"${each}"`).join(", ")} or a function`);
}

function toCount(value: unknown, option: string): number {
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw badOption(option, value, "a whole number of 1 or more");
}

function badOption(option: string, value: unknown, expected: string): GatewayError {
  return new GatewayError("GATEWAY_BAD_OPTION", { values: { option, value: String(value), expected } });
}
