import { systemClock, type Clock, type Logger } from "../core.js";
import { Activity } from "./activity.js";
import { LogBook } from "./log-book.js";
import { VirtualClock } from "./virtual-clock.js";

/** What all servers and clients of one test share. */
export interface Surroundings {
  readonly activity: Activity;
  readonly clock: VirtualClock;
  readonly log: LogBook;
}

/** What tests may say of themselves. */
export interface SurroundingsOptions {
  /** Gets what is logged. */
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** See `TestingOptions`. */
  readonly timersWithinMs?: number | undefined;
}

export function createSurroundings({ logger, clock = systemClock, timersWithinMs }: SurroundingsOptions): Surroundings {
  const activity = new Activity(timersWithinMs);
  return { activity, clock: new VirtualClock(clock, activity), log: new LogBook(logger) };
}
