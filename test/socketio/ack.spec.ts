import { Deadlines } from "../../src/common/index.js";
import { addTimedAck, PendingAcks } from "../../src/socketio/ack.js";
import { ManualClock } from "../support/manual-clock.js";

const DISCONNECTED = expect.objectContaining({ code: "SOCKET_ACK_DISCONNECTED" }) as unknown;
const TIMED_OUT = expect.objectContaining({ code: "SOCKET_ACK_TIMEOUT" }) as unknown;

describe("pending acknowledgements", () => {
  it("are settled once, by id", () => {
    const acks = new PendingAcks("socket");
    const [first, second] = [jest.fn(), jest.fn()];
    acks.set(0, first).set(1, second);
    acks.settle(1, ["a", "b"]);
    acks.settle(1, ["again"]);

    expect(second.mock.calls).toEqual([["a", "b"]]);
    expect(first).not.toHaveBeenCalled();
    expect([...acks.keys()]).toEqual([0]);
  });

  it("ignore ids that nobody waits for", () => {
    const acks = new PendingAcks("socket");
    acks.set(1, jest.fn());
    for (const id of [0, -1, Number.NaN, 2 ** 53]) acks.settle(id, []);

    expect(acks.size).toBe(1);
  });

  it("are gone before their callback runs", () => {
    const acks = new PendingAcks("socket");
    const sizes: number[] = [];
    acks.set(0, () => sizes.push(acks.size));
    acks.settle(0, []);

    expect(sizes).toEqual([0]);
  });

  it("tell those who want to know who is asked, who has answered, and whose answer is lost", () => {
    const acks = new PendingAcks("socket");
    const told: unknown[] = [];
    const ack = Object.assign(() => told.push("called"), {
      asked: (id: string) => told.push(["asked", id]),
      answered: (id: string, args: unknown[]) => told.push(["answered", id, args]),
      lost: (id: string, error: Error) => told.push(["lost", id, error]),
    });
    acks.set(0, ack).set(1, ack);
    acks.settle(0, [1, 2]);
    acks.release();

    expect(told).toEqual([
      ["asked", "socket"],
      ["asked", "socket"],
      ["answered", "socket", [1, 2]],
      ["lost", "socket", DISCONNECTED],
    ]);
  });

  it("are released, those who do not want to know without a word", () => {
    const acks = new PendingAcks("socket");
    const plain = jest.fn();
    acks.set(0, plain);
    acks.release();
    acks.settle(0, [1]);

    expect(plain).not.toHaveBeenCalled();
    expect(acks.size).toBe(0);
  });
});

describe("a timed acknowledgement", () => {
  let clock: ManualClock;
  let acks: PendingAcks;
  let calls: unknown[][];

  beforeEach(() => {
    clock = new ManualClock();
    acks = new PendingAcks("socket");
    calls = [];
    addTimedAck(acks, { id: 7, timeoutMs: 100, deadlines: new Deadlines(clock) }, (...args) => calls.push(args));
  });

  it("has null in front of the answer", () => {
    acks.settle(7, [1, 2]);

    expect(calls).toEqual([[null, 1, 2]]);
  });

  it("is an error at its timeout", () => {
    clock.advance(98);
    expect(calls).toEqual([]);

    clock.advance(2);
    expect(calls).toEqual([[TIMED_OUT]]);
    expect(acks.size).toBe(0);
  });

  it("is an error when it is released", () => {
    acks.release();

    expect(calls).toEqual([[DISCONNECTED]]);
  });

  it.each<[what: string, settle: () => void]>([
    ["answer", () => acks.settle(7, [])],
    ["release", () => acks.release()],
    ["timeout", () => clock.advance(100)],
  ])("is called once, whatever follows its %s", (_what, settle) => {
    settle();
    acks.settle(7, []);
    acks.release();
    clock.advance(1_000);

    expect(calls).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });
});
