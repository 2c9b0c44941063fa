import { Deadlines } from "../../src/common/index.js";
import { ServerHeartbeat } from "../../src/engineio/heartbeat.js";
import { ManualClock } from "../support/manual-clock.js";

let clock: ManualClock;
let heartbeat: ServerHeartbeat;
let events: [event: string, at: number][];

beforeEach(() => {
  clock = new ManualClock();
  events = [];
  heartbeat = new ServerHeartbeat(
    new Deadlines(clock),
    { pingInterval: 25_000, pingTimeout: 20_000 },
    {
      sendPing: () => events.push(["ping", clock.now()]),
      sendPong: () => events.push(["pong", clock.now()]),
      onPingTimeout: () => events.push(["timeout", clock.now()]),
    },
  );
});

describe("a heartbeat", () => {
  it("pings after pingInterval and gives up pingTimeout later", () => {
    heartbeat.beat();
    clock.advance(100_000);

    expect(events).toEqual([
      ["ping", 25_000],
      ["timeout", 45_000],
    ]);
  });

  it("pings again pingInterval after each answer", () => {
    heartbeat.beat();
    clock.advance(25_000);
    clock.advance(1_000);
    heartbeat.beat();
    clock.advance(26_000);
    heartbeat.beat();

    expect(events).toEqual([
      ["ping", 25_000],
      ["ping", 51_000],
    ]);
  });

  it("takes an answer at the last moment", () => {
    heartbeat.beat();
    clock.advance(25_000 + 19_998);
    heartbeat.beat();
    clock.advance(25_000);

    expect(events.map(([event]) => event)).toEqual(["ping", "ping"]);
  });

  it("takes an answer that nobody asked for as one, and keeps one timer", () => {
    heartbeat.beat();
    for (let count = 0; count < 10; count += 1) {
      clock.advance(10_000);
      heartbeat.beat();
    }

    expect(events).toEqual([]);
    expect(clock.pendingTimers).toBe(1);
  });

  it("may be put off once a ping, by what comes in the answer's place", () => {
    heartbeat.beat();
    expect(heartbeat.mayExtend).toBe(false);
    clock.advance(25_000 + 10_000);
    expect(heartbeat.mayExtend).toBe(true);
    heartbeat.extend();
    expect(heartbeat.mayExtend).toBe(false);
    clock.advance(20_000);

    expect(events).toEqual([
      ["ping", 25_000],
      ["timeout", 55_000],
    ]);
  });

  it("may be put off again after the next ping", () => {
    heartbeat.beat();
    clock.advance(25_000);
    heartbeat.extend();
    heartbeat.beat();
    expect(heartbeat.mayExtend).toBe(false);
    clock.advance(25_000);

    expect(heartbeat.mayExtend).toBe(true);
  });

  it("stops when it is cancelled, before and after a ping", () => {
    heartbeat.beat();
    heartbeat.cancel();
    clock.advance(100_000);
    expect(events).toEqual([]);

    heartbeat.beat();
    clock.advance(25_000);
    heartbeat.cancel();
    clock.advance(100_000);
    expect(events).toEqual([["ping", 125_000]]);
  });
});
