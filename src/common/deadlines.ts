import type { Clock, Timer } from "./clock.js";

/** The longest delay of a timer of Node; longer ones would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** How timers are kept. */
export interface DeadlinesOptions {
  /**
   * Keeps each timer when its last deadline is cancelled, since the next is about to start: making a timer is most of what a
   * deadline costs. For few durations that many deadlines have. These timers do not keep the process. @default false
   */
  readonly isWarm?: boolean;
}

/**
 * Many timeouts, few timers. Timeouts of one duration expire in the order they were started, so each duration is a
 * linked list with a single timer for its head: starting and cancelling are O(1), and a heartbeat, an ack timeout or a
 * connect timeout costs one small object and no timer of its own.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #isWarm: boolean;
  readonly #queues = new Map<number, DeadlineQueue>();

  constructor(clock: Clock, { isWarm = false }: DeadlinesOptions = {}) {
    this.#clock = clock;
    this.#isWarm = isWarm;
  }

  /** Starts `deadline`, or starts it anew when it is pending. */
  start(deadline: Deadline, durationMs: number): void {
    deadline.cancel();
    // Nothing below 0, and no NaN either, which a user may hand on: it would never be reached.
    const delayMs = durationMs > 0 ? durationMs : 0;
    let queue = this.#queues.get(delayMs);
    if (queue === undefined) {
      const onEmpty = this.#isWarm ? undefined : (): unknown => this.#queues.delete(delayMs);
      queue = new DeadlineQueue(this.#clock, delayMs, onEmpty);
      this.#queues.set(delayMs, queue);
    }
    queue.append(deadline);
  }

  /** Expires all that is pending, now: whoever waits is told. What starts meanwhile is not touched. */
  flush(): void {
    const pending = [...this.#queues.values()].flatMap((queue) => queue.pending());
    for (const deadline of pending) deadline.queue?.expire(deadline);
  }

  /** Calls `callback` once after `delayMs`, unless the returned deadline is cancelled before. */
  add(delayMs: number, callback: () => void): Deadline {
    const deadline = new CallbackDeadline(callback);
    this.start(deadline, delayMs);
    return deadline;
  }
}

/** One timeout; reusable. Owners of many (a heartbeat per connection) derive from it, so each costs one object. */
export abstract class Deadline {
  /** @internal */ queue: DeadlineQueue | undefined = undefined;
  /** @internal */ at = 0;
  /** @internal */ previous: Deadline | undefined = undefined;
  /** @internal */ next: Deadline | undefined = undefined;

  /** Called when the time has come. Must not throw: it runs on the timer that other deadlines share. */
  abstract expire(): void;

  /** Idempotent; also after expiry. */
  cancel(): void {
    this.queue?.remove(this);
  }
}

class CallbackDeadline extends Deadline {
  readonly #callback: () => void;

  constructor(callback: () => void) {
    super();
    this.#callback = callback;
  }

  override expire(): void {
    this.#callback();
  }
}

/** All pending deadlines of one duration, earliest first. */
class DeadlineQueue {
  readonly #clock: Clock;
  readonly #delayMs: number;
  readonly #onEmpty: (() => void) | undefined;
  #head: Deadline | undefined;
  #tail: Deadline | undefined;
  #timer: Timer;

  /** @param onEmpty - without it the timer stays when the queue is empty. */
  constructor(clock: Clock, delayMs: number, onEmpty: (() => void) | undefined) {
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#onEmpty = onEmpty;
  }

  append(deadline: Deadline): void {
    deadline.queue = this;
    deadline.at = this.#clock.now() + this.#delayMs;
    deadline.previous = this.#tail;
    if (this.#tail === undefined) {
      this.#head = deadline;
      this.#arm(this.#delayMs);
    } else {
      this.#tail.next = deadline;
    }
    this.#tail = deadline;
  }

  remove(deadline: Deadline): void {
    if (deadline.previous === undefined) this.#head = deadline.next;
    else deadline.previous.next = deadline.next;
    if (deadline.next === undefined) this.#tail = deadline.previous;
    else deadline.next.previous = deadline.previous;
    deadline.queue = deadline.previous = deadline.next = undefined;
    if (this.#head === undefined) this.#disarm();
  }

  pending(): Deadline[] {
    const deadlines: Deadline[] = [];
    for (let next = this.#head; next !== undefined; next = next.next) deadlines.push(next);
    return deadlines;
  }

  expire(due: Deadline): void {
    this.remove(due);
    due.expire();
  }

  // The timer stays where it is when the head is cancelled: it wakes early once and arms itself for the new head.
  readonly #wake = (): void => {
    this.#timer = undefined;
    const now = this.#clock.now();
    // Node rounds delays to whole milliseconds, so a timer may fire up to one early.
    while (this.#head !== undefined && this.#head.at <= now + 1) {
      this.expire(this.#head);
    }
    if (this.#head !== undefined) this.#arm(this.#head.at - now);
  };

  #arm(delayMs: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = this.#clock.setTimeout(this.#wake, Math.min(delayMs, MAX_TIMER_MS));
    if (this.#onEmpty === undefined) this.#clock.unref?.(this.#timer);
  }

  #disarm(): void {
    if (this.#onEmpty === undefined) return;
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#onEmpty();
  }
}
