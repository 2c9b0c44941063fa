import { Deadlines } from "../../src/common/index.js";
import { ClientHeartbeat } from "../../src/eio3/heartbeat.js";
import { ManualClock } from "../support/manual-clock.js";

let clock: ManualClock;
let heartbeat: ClientHeartbeat;
let events: [event: string, at: number][];

beforeEach(() => {
  clock = new ManualClock();
  events = [];
  heartbeat = new ClientHeartbeat(
    new Deadlines(clock),
    { pingInterval: 25_000, pingTimeout: 20_000 },
    {
      sendPing: () => events.push(["ping", clock.now()]),
      sendPong: () => events.push(["pong", clock.now()]),
      onPingTimeout: () => events.push(["timeout", clock.now()]),
    },
  );
});

describe("a client's heartbeat", () => {
  it("never pings, and gives up after pingInterval and pingTimeout together", () => {
    heartbeat.beat();
    clock.advance(44_999);
    expect(events).toEqual([]);
    clock.advance(100_000);

    expect(events).toEqual([["timeout", 45_000]]);
  });

  it("answers each ping at once and waits anew", () => {
    heartbeat.beat();
    clock.advance(25_000);
    expect(heartbeat.take("ping")).toBe(true);
    clock.advance(44_999);
    expect(heartbeat.take("ping")).toBe(true);
    clock.advance(45_000);

    expect(events).toEqual([
      ["pong", 25_000],
      ["pong", 69_999],
      ["timeout", 114_999],
    ]);
  });

  it("refuses a pong, which is the server's to send", () => {
    heartbeat.beat();
    clock.advance(10_000);

    expect(heartbeat.take("pong")).toBe(false);
    expect(events).toEqual([]);
  });

  it("leaves no timer behind once it is cancelled", () => {
    heartbeat.beat();
    heartbeat.cancel();

    expect(clock.pendingTimers).toBe(0);
  });
});
