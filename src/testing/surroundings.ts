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

export function createSurroundings({ logger, clock = systemClock }: { logger?: Logger; clock?: Clock }): Surroundings {
  const activity = new Activity();
  return { activity, clock: new VirtualClock(clock, () => activity.quiet()), log: new LogBook(logger) };
}
