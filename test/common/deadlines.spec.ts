import { type Clock, Deadline, Deadlines, systemClock } from "../../src/common/index.js";
import { ManualClock } from "../support/manual-clock.js";

class Noted extends Deadline {
  readonly #name: string;
  readonly #expired: string[];

  constructor(name: string, expired: string[]) {
    super();
    this.#name = name;
    this.#expired = expired;
  }

  override expire(): void {
    this.#expired.push(this.#name);
  }
}

let clock: ManualClock;
let deadlines: Deadlines;
let expired: string[];

beforeEach(() => {
  clock = new ManualClock();
  deadlines = new Deadlines(clock);
  expired = [];
});

function add(name: string, delayMs: number): Deadline {
  return deadlines.add(delayMs, () => expired.push(name));
}

describe("a deadline", () => {
  it("expires once, when its time has come", () => {
    add("a", 100);
    clock.advance(98);
    expect(expired).toEqual([]);

    clock.advance(2);
    clock.advance(1_000);
    expect(expired).toEqual(["a"]);
  });

  it("does not expire after it was cancelled", () => {
    const deadline = add("a", 100);
    clock.advance(50);
    deadline.cancel();
    deadline.cancel();
    clock.advance(1_000);

    expect(expired).toEqual([]);
  });

  it("may be cancelled after it has expired", () => {
    const deadline = add("a", 100);
    clock.advance(100);
    deadline.cancel();

    expect(expired).toEqual(["a"]);
  });

  it("begins anew when it is started again before its time", () => {
    const deadline = new Noted("a", expired);
    deadlines.start(deadline, 100);
    clock.advance(60);
    deadlines.start(deadline, 100);
    clock.advance(60);
    expect(expired).toEqual([]);

    clock.advance(40);
    expect(expired).toEqual(["a"]);
  });

  it("may be started again from its own expiry, with another delay too", () => {
    const times: number[] = [];
    class Repeated extends Deadline {
      override expire(): void {
        times.push(clock.now());
        if (times.length < 4) deadlines.start(this, times.length % 2 === 0 ? 100 : 30);
      }
    }
    deadlines.start(new Repeated(), 100);
    clock.advance(1_000);

    expect(times).toEqual([100, 130, 230, 260]);
  });

  it.each([0, -5, Number.NaN])("of %d ms expires as soon as it can", (delayMs) => {
    add("a", delayMs);
    clock.advance(2);

    expect(expired).toEqual(["a"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("expires at once when all are flushed, and once only", () => {
    add("a", 100);
    add("b", 50);
    deadlines.flush();
    expect(expired).toEqual(["a", "b"]);
    expect(clock.pendingTimers).toBe(0);

    clock.advance(200);
    expect(expired).toEqual(["a", "b"]);
  });

  it("may start another when it is flushed", () => {
    deadlines.add(100, () => add("again", 100));
    deadlines.flush();
    expect(expired).toEqual([]);

    clock.advance(101);
    expect(expired).toEqual(["again"]);
  });

  it("may be longer than a timer of Node", () => {
    const days = 24 * 60 * 60 * 1_000;
    add("a", 30 * days);
    clock.advance(29 * days);
    expect(expired).toEqual([]);

    clock.advance(days);
    expect(expired).toEqual(["a"]);
  });

  it("never expires after Infinity, and wakes nobody", () => {
    const wakeUps = jest.spyOn(clock, "setTimeout");
    add("a", Infinity);
    clock.advance(10_000);

    expect(expired).toEqual([]);
    expect(wakeUps).toHaveBeenCalledTimes(1);
  });
});

describe("Deadlines", () => {
  it("expire in the order of their times, whatever their durations", () => {
    add("long", 300);
    add("short", 100);
    clock.advance(150);
    add("late short", 100);
    clock.advance(1_000);

    expect(expired).toEqual(["short", "late short", "long"]);
  });

  it("share one timer per duration", () => {
    for (let count = 0; count < 1_000; count += 1) add("a", 25_000);
    for (let count = 0; count < 1_000; count += 1) add("b", 45_000);

    expect(clock.pendingTimers).toBe(2);
  });

  it("keep no timer when all are cancelled", () => {
    const pending = [add("a", 100), add("b", 100), add("c", 200)];
    for (const deadline of pending) deadline.cancel();

    expect(clock.pendingTimers).toBe(0);
  });

  it("go on with the others when the earliest is cancelled", () => {
    const first = add("first", 100);
    clock.advance(10);
    add("second", 100);
    first.cancel();
    clock.advance(98);
    expect(expired).toEqual([]);

    clock.advance(2);
    expect(expired).toEqual(["second"]);
  });

  it("go on with the others when one in the middle is cancelled", () => {
    add("first", 100);
    const second = add("second", 100);
    add("third", 100);
    second.cancel();
    clock.advance(100);

    expect(expired).toEqual(["first", "third"]);
  });

  it("let one that expires cancel those that are due with it", () => {
    const doomed: Deadline[] = [];
    deadlines.add(100, () => {
      expired.push("first");
      for (const deadline of doomed) deadline.cancel();
    });
    doomed.push(add("second", 100), add("third", 100));
    clock.advance(1_000);

    expect(expired).toEqual(["first"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("let one that expires add another of its duration", () => {
    deadlines.add(100, () => {
      expired.push("first");
      add("second", 100);
    });
    clock.advance(100);
    expect(expired).toEqual(["first"]);

    clock.advance(100);
    expect(expired).toEqual(["first", "second"]);
  });

  it("accept that a timer of Node comes up to a millisecond early", () => {
    add("a", 100.7);
    clock.advance(99.7);
    expect(expired).toEqual([]);

    clock.advance(1);
    expect(expired).toEqual(["a"]);
  });

  it("expire all that is pending, at once, when they are flushed", () => {
    add("long", 300);
    add("short", 100);
    add("cancelled", 100).cancel();
    clock.advance(50);
    deadlines.flush();

    expect(expired.toSorted()).toEqual(["long", "short"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("do not expire what starts, and what is cancelled, while they are flushed", () => {
    const doomed: Deadline[] = [];
    deadlines.add(100, () => {
      expired.push("first");
      for (const deadline of doomed) deadline.cancel();
      add("later", 100);
    });
    doomed.push(add("doomed", 100));
    deadlines.flush();
    expect(expired).toEqual(["first"]);

    clock.advance(100);
    expect(expired).toEqual(["first", "later"]);
  });
});

describe("warm deadlines", () => {
  let warm: Deadlines;

  beforeEach(() => {
    warm = new Deadlines(clock, { isWarm: true });
  });
  const begin = (name: string): Deadline => warm.add(100, () => expired.push(name));

  it("keep their timer when the last of them is cancelled, for the next", () => {
    begin("a").cancel();
    expect(clock.pendingTimers).toBe(1);
    clock.advance(60);
    begin("b");
    expect(clock.pendingTimers).toBe(1);
    clock.advance(60);
    expect(expired).toEqual([]);

    clock.advance(40);
    expect(expired).toEqual(["b"]);
  });

  it("let it go when nothing comes", () => {
    begin("a").cancel();
    clock.advance(100);

    expect([clock.pendingTimers, expired]).toEqual([0, []]);
    begin("b");
    clock.advance(100);
    expect(expired).toEqual(["b"]);
  });

  it("do not keep the process", () => {
    const unref = jest.fn();
    const timed = new Deadlines(Object.assign<Clock, Partial<Clock>>(clock, { unref }), { isWarm: true });
    timed.add(100, () => undefined);

    expect(unref).toHaveBeenCalledTimes(1);
    const timer = systemClock.setTimeout(() => undefined, 1_000) as NodeJS.Timeout;
    systemClock.unref?.(timer);
    expect(timer.hasRef()).toBe(false);
    systemClock.clearTimeout(timer);
  });
});
