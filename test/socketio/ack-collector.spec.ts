import { setImmediate as nextTurn } from "node:timers/promises";
import { Deadlines } from "../../src/common/index.js";
import { PendingAcks } from "../../src/socketio/ack.js";
import { AckCollector, type AckCollectorOptions, type AckResult } from "../../src/socketio/ack-collector.js";
import { ManualClock } from "../support/manual-clock.js";

let clock: ManualClock;

beforeEach(() => {
  clock = new ManualClock();
});

interface Collection {
  readonly collector: AckCollector<unknown>;
  readonly results: AckResult<unknown>[];
  /** How often it was told to be over. */
  readonly ends: () => number;
  /** A socket of this server that owes an answer. */
  readonly ask: (socketId: string) => PendingAcks;
}

function collect(options: Partial<AckCollectorOptions<unknown>> = {}): Collection {
  const results: AckResult<unknown>[] = [];
  let ends = 0;
  const collector = new AckCollector<unknown>({
    deadlines: new Deadlines(clock),
    timeoutMs: 100,
    decode: (value) => value,
    ...options,
  });
  collector.observe({ onResult: (result) => results.push(result), onDone: () => (ends += 1) });
  const ask = (socketId: string): PendingAcks => new PendingAcks(socketId).set(0, collector.ack);
  return { collector, results, ends: () => ends, ask };
}

const ok = (socketId: string | undefined, ...args: unknown[]): unknown => ({
  socketId,
  ok: true,
  value: args[0],
  args,
});
const failed = (socketId: string | undefined, code: string): unknown => ({
  socketId,
  ok: false,
  error: expect.objectContaining({ code }) as unknown,
});

describe("an ack collector", () => {
  it("is over when all sockets of this server have answered", () => {
    const { collector, results, ends, ask } = collect();
    const [a, b] = [ask("a"), ask("b")];
    collector.expectServers(1);
    collector.expectReceivers(2);
    b.settle(0, ["b", 2]);
    expect(ends()).toBe(0);

    a.settle(0, ["a"]);
    expect(results).toEqual([ok("b", "b", 2), ok("a", "a")]);
    expect([ends(), collector.done, collector.timedOut]).toEqual([1, true, false]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("is over at once when there is nobody", () => {
    const { collector, ends } = collect();
    collector.expectReceivers(0);
    expect(ends()).toBe(0);

    collector.expectServers(1);
    expect(ends()).toBe(1);
  });

  it("waits for every server to tell how many sockets it has", () => {
    const { collector, ends, ask } = collect();
    collector.expectServers(3);
    const here = ask("a");
    collector.expectReceivers(1);
    here.settle(0, ["a"]);
    collector.expectReceivers(0);
    expect(ends()).toBe(0);

    collector.expectReceivers(1);
    collector.ack("remote");
    expect(ends()).toBe(1);
    expect(collector.results).toEqual([ok("a", "a"), ok(undefined, "remote")]);
  });

  it("takes answers that come before the numbers", () => {
    const { collector, ends, ask } = collect();
    ask("a").settle(0, ["a"]);
    expect(ends()).toBe(0);

    collector.expectReceivers(1);
    collector.expectServers(1);
    expect(ends()).toBe(1);
  });

  it("counts a socket that leaves as one that has not answered", () => {
    const { collector, results, ends, ask } = collect();
    const [a, b] = [ask("a"), ask("b")];
    collector.expectServers(1);
    collector.expectReceivers(2);
    a.release();
    b.settle(0, ["b"]);

    expect(results).toEqual([failed("a", "SOCKET_ACK_DISCONNECTED"), ok("b", "b")]);
    expect([ends(), collector.timedOut]).toEqual([1, false]);
  });

  it("names at the timeout who was silent, here and elsewhere, and frees what they owe", () => {
    const { collector, results, ends, ask } = collect();
    const [a, b] = [ask("a"), ask("b")];
    collector.expectServers(2);
    collector.expectReceivers(2);
    collector.expectReceivers(2);
    collector.ack("remote");
    a.settle(0, ["a"]);
    clock.advance(100);

    expect(results).toEqual([
      ok(undefined, "remote"),
      ok("a", "a"),
      failed("b", "SOCKET_ACK_TIMEOUT"),
      failed(undefined, "SOCKET_ACK_TIMEOUT"),
    ]);
    expect([ends(), collector.timedOut, b.size]).toEqual([1, true, 0]);
  });

  it("has no timeout when none is given", () => {
    const { collector, ends, ask } = collect({ timeoutMs: undefined });
    const a = ask("a");
    collector.expectServers(1);
    collector.expectReceivers(1);
    clock.advance(1_000_000);
    expect([ends(), clock.pendingTimers]).toEqual([0, 0]);

    a.settle(0, []);
    expect(ends()).toBe(1);
  });

  it("ignores what comes after its end", () => {
    const { collector, results, ends, ask } = collect();
    const a = ask("a");
    collector.expectServers(1);
    collector.expectReceivers(1);
    clock.advance(100);
    a.settle(0, ["late"]);
    collector.ack("late");
    collector.expectReceivers(1);
    collector.cancel();

    expect(results).toEqual([failed("a", "SOCKET_ACK_TIMEOUT")]);
    expect(ends()).toBe(1);
  });

  it("is over when nobody wants to know any more, and frees what is owed", () => {
    const { collector, ends, ask } = collect();
    const a = ask("a");
    collector.expectServers(1);
    collector.expectReceivers(1);
    collector.cancel();

    expect([ends(), a.size, collector.results]).toEqual([1, 0, []]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("reads answers by its decoder", () => {
    const { collector, results, ask } = collect({
      decode: (value) => {
        if (typeof value !== "number") throw new TypeError("not a number");
        return value * 2;
      },
    });
    const [a, b] = [ask("a"), ask("b")];
    collector.expectServers(1);
    collector.expectReceivers(2);
    a.settle(0, [21]);
    b.settle(0, ["x"]);

    expect(results).toEqual([{ socketId: "a", ok: true, value: 42, args: [21] }, failed("b", "SOCKET_ACK_DECODE")]);
  });

  it("waits for a decoder that has to wait, and not longer than for the answers themselves", async () => {
    const [slow, never] = [Promise.resolve(42), new Promise<number>(() => undefined)];
    const { collector, results, ask, ends } = collect({
      timeoutMs: 50,
      decode: (value) => (value === "refused" ? Promise.reject(new TypeError("no")) : value === "slow" ? slow : never),
    });
    const [a, b, c] = [ask("a"), ask("b"), ask("c")];
    collector.expectServers(1);
    collector.expectReceivers(3);
    a.settle(0, ["slow"]);
    b.settle(0, ["refused"]);
    c.settle(0, ["never"]);
    expect(results).toEqual([]);
    await nextTurn();

    expect(results).toEqual([{ socketId: "a", ok: true, value: 42, args: ["slow"] }, failed("b", "SOCKET_ACK_DECODE")]);
    clock.advance(50);
    expect([ends(), results.at(-1)]).toEqual([1, failed(undefined, "SOCKET_ACK_TIMEOUT")]);
  });

  it("tells a late observer what has happened", () => {
    const { collector, ask } = collect();
    const a = ask("a");
    collector.expectServers(1);
    collector.expectReceivers(1);
    a.settle(0, ["a"]);
    const observer = { onResult: jest.fn(), onDone: jest.fn() };
    collector.observe(observer);

    expect(observer.onResult.mock.calls).toEqual([[ok("a", "a")]]);
    expect(observer.onDone).toHaveBeenCalledTimes(1);
  });
});
