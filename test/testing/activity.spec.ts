import { setImmediate as nextTurn } from "node:timers/promises";
import { Activity } from "../../src/testing/activity.js";
import { deferred } from "../support/waiting.js";

/** Whether the promise has settled, looked at whenever asked. */
function watch(promise: Promise<unknown>): () => boolean {
  let isSettled = false;
  void promise.then(() => (isSettled = true));
  return () => isSettled;
}

/** More turns than it takes to settle. */
async function manyTurns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await nextTurn();
}

describe("Activity", () => {
  it("is settled when nothing is under way", async () => {
    await expect(new Activity().settled()).resolves.toBeUndefined();
  });

  it("waits as long as something is under way", async () => {
    const activity = new Activity();
    const done = activity.begin();
    const isSettled = watch(activity.settled());
    await manyTurns();
    expect(isSettled()).toBe(false);

    done();
    await manyTurns();

    expect(isSettled()).toBe(true);
  });

  it("waits for all that overlap", async () => {
    const activity = new Activity();
    const [first, second] = [activity.begin(), activity.begin()];
    const isSettled = watch(activity.settled());
    first();
    first();
    await manyTurns();

    expect(isSettled()).toBe(false);
    second();
  });

  it("waits for what begins in a later turn of what has ended", async () => {
    const activity = new Activity();
    const order: string[] = [];
    const work = async (): Promise<void> => {
      const done = activity.begin();
      await nextTurn();
      done();
      await nextTurn();
      const doneAgain = activity.begin();
      await manyTurns();
      order.push("worked");
      doneAgain();
    };
    void work();

    await activity.settled();
    order.push("settled");

    expect(order).toEqual(["worked", "settled"]);
  });

  it("is at rest when only the server is busy", async () => {
    const activity = new Activity();
    const unwatch = activity.watch(() => new Promise(() => undefined));
    const done = activity.begin();
    const isAtRest = watch(activity.rest());
    await manyTurns();
    expect(isAtRest()).toBe(false);

    done();
    await manyTurns();

    expect(isAtRest()).toBe(true);
    unwatch();
  });

  it("waits for every server", async () => {
    const { promise, resolve } = deferred<undefined>();
    const activity = new Activity();
    const unwatch = [activity.watch(() => Promise.resolve()), activity.watch(() => promise)];
    const isSettled = watch(activity.settled());
    await manyTurns();
    expect(isSettled()).toBe(false);

    resolve(undefined);
    await manyTurns();

    expect(isSettled()).toBe(true);
    for (const end of unwatch) end();
  });

  it("asks a server no more that is closed", async () => {
    const activity = new Activity();
    activity.watch(() => new Promise(() => undefined))();

    await expect(activity.settled()).resolves.toBeUndefined();
  });

  it("is quiet while all that is under way waits for something", async () => {
    const activity = new Activity();
    activity.begin();

    await expect(activity.quiet()).resolves.toBeUndefined();
  });

  it("is not quiet while one thing leads to the next", async () => {
    const activity = new Activity();
    const order: string[] = [];
    const work = async (): Promise<void> => {
      for (let step = 0; step < 20; step += 1) {
        activity.begin();
        await nextTurn();
      }
      order.push("worked");
    };
    void work();

    await activity.quiet();
    order.push("quiet");

    expect(order).toEqual(["worked", "quiet"]);
  });
});
