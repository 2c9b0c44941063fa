import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Ack, ConnectedSocket, Namespace, OnEvent, RateLimit, Socket, Timeout, type ApplicationOptions } from "rookery";
import { Test, VirtualClock, type TestingApplication } from "rookery/testing";
import { Activity } from "../../src/testing/activity.js";
import { ManualClock } from "../support/manual-clock.js";

@Namespace("/")
class SlowGateway {
  @OnEvent("never")
  @Timeout("5s")
  async never(): Promise<void> {
    await new Promise(() => undefined);
  }

  @OnEvent("ask")
  @Ack()
  async ask(@ConnectedSocket() socket: Socket): Promise<string> {
    return socket
      .timeout(3_000)
      .emitWithAck("question")
      .catch((error: unknown) => (error as Error).message) as Promise<string>;
  }

  @OnEvent("buy")
  @RateLimit({ points: 1, per: "10s", by: "socket" })
  @Ack()
  buy(): string {
    return "bought";
  }

  @OnEvent("later")
  @Ack()
  async later(): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    return "done";
  }
}

let app: TestingApplication | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
  jest.useRealTimers();
});

async function start(options: ApplicationOptions = {}): Promise<TestingApplication> {
  return (app = await Test.createTestingModule({ providers: [SlowGateway] }, options).compile());
}

describe("app.clock", () => {
  it("moves @Timeout", async () => {
    const { clock, ...running } = withConnect(await start());
    const ann = await running.connect();
    const failure = expect(ann.emitWithAck("never")).toFailWith("TIMEOUT");

    await clock.advance("5s");

    await failure;
  });

  it("leaves alone what has time left", async () => {
    const { clock, connect } = withConnect(await start());
    const ann = await connect();
    let isAnswered = false;
    ann.emit("never", () => (isAnswered = true));

    await clock.advance(4_900);
    expect(isAnswered).toBe(false);

    await clock.advance(200);
    expect(isAnswered).toBe(true);
  });

  it("moves the timeouts of the server's acknowledgements", async () => {
    const { clock, connect } = withConnect(await start());
    const ann = await connect();
    const answer = ann.emitWithAck("ask");

    await clock.advance("3s");

    expect(await answer).toBe("operation has timed out");
  });

  it("moves rate limits", async () => {
    const { clock, connect } = withConnect(await start());
    const ann = await connect();
    await expect(ann.emitWithAck("buy")).toAckWith("bought");
    clock.stop();
    await expect(ann.emitWithAck("buy")).toFailWith("RATE_LIMITED");

    await clock.advance("10s");

    await expect(ann.emitWithAck("buy")).toAckWith("bought");
  });

  it("moves heartbeats, which a client that is there answers", async () => {
    const running = await start({ pingInterval: 25_000, pingTimeout: 20_000 });
    const ann = await running.connect();
    let pings = 0;
    const [connection] = Object.values(running.server.engine.clients);
    connection?.on("heartbeat", () => (pings += 1));

    await running.clock.advance("2m");

    expect([ann.connected, pings]).toEqual([true, 4]);
  });

  it("refuses what is no duration", async () => {
    const { clock } = await start();

    await expect(clock.advance("soon")).rejects.toMatchObject({ code: "GATEWAY_BAD_DURATION" });
  });

  it("lets a closing application run out of patience after it has stood still", async () => {
    const running = await start();
    const ann = await running.connect();
    ann.emit("never");
    await running.clock.advance(0);
    running.clock.stop();

    await running.close({ drainMs: 20 });

    expect(ann.connected).toBe(false);
  });
});

describe("app.clock beside jest's fake timers", () => {
  it("is moved by them", async () => {
    jest.useFakeTimers();
    const ann = await (await start()).connect();
    const failure = expect(ann.emitWithAck("never")).toFailWith("TIMEOUT");
    await nextTurn();

    await jest.advanceTimersByTimeAsync(5_000);

    await failure;
  });

  it("moves them, in the order of time", async () => {
    jest.useFakeTimers();
    const running = await start();
    const [ann, bob] = [await running.connect(), await running.connect()];
    const order: string[] = [];
    const done = ann.emitWithAck("later").then(() => order.push("a provider's timer, 4 s"));
    const asked = bob.emitWithAck("ask").then(() => order.push("an acknowledgement, 3 s"));

    await running.clock.advance("10s");
    await Promise.all([done, asked]);

    expect(order).toEqual(["an acknowledgement, 3 s", "a provider's timer, 4 s"]);
  });
});

describe("VirtualClock", () => {
  it("passes as the clock below does, and is ahead by what it was advanced", async () => {
    const below = new ManualClock();
    const clock = new VirtualClock(below, new Activity());
    const fired: number[] = [];
    for (const delayMs of [10, 30, 40]) clock.setTimeout(() => fired.push(delayMs), delayMs);
    below.advance(10);
    expect(fired).toEqual([10]);

    await clock.advance(25);

    expect(fired).toEqual([10, 30]);
    expect(clock.now()).toBe(35);
    below.advance(5);
    expect(fired).toEqual([10, 30, 40]);
    expect(below.pendingTimers).toBe(0);
  });

  it("stands still between stop and start", async () => {
    const below = new ManualClock();
    const clock = new VirtualClock(below, new Activity());
    let hasFired = false;
    clock.setTimeout(() => (hasFired = true), 10);
    clock.stop();
    below.advance(100);
    expect([clock.now(), hasFired]).toEqual([0, false]);

    clock.start();
    below.advance(9);
    expect(hasFired).toBe(false);
    below.advance(1);

    expect([clock.now(), hasFired]).toEqual([10, true]);
  });

  it("fires no timer that another has cleared", async () => {
    const clock = new VirtualClock(new ManualClock(), new Activity());
    const fired: string[] = [];
    clock.setTimeout(() => {
      fired.push("first");
      clock.clearTimeout(second);
    }, 10);
    const second = clock.setTimeout(() => fired.push("second"), 10);

    await clock.advance(20);

    expect(fired).toEqual(["first"]);
  });

  it("fires what timers start within the time that passes", async () => {
    const clock = new VirtualClock(new ManualClock(), new Activity());
    const fired: number[] = [];
    const again = (): void => {
      fired.push(clock.now());
      clock.setTimeout(again, 10);
    };
    clock.setTimeout(again, 10);

    await Promise.all([clock.advance(25), clock.advance(10)]);

    expect(fired).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(35);
  });

  it.each<[string, (clock: VirtualClock, below: ManualClock) => Promise<void> | void]>([
    ["advance() lets it pass", async (clock) => clock.advance(10)],
    [
      "it passes by itself",
      (_, below) => {
        below.advance(10);
      },
    ],
  ])("fires in the asynchronous context that started the timer, when %s", async (_how, pass) => {
    const below = new ManualClock();
    const clock = new VirtualClock(below, new Activity());
    const context = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    context.run("ann", () => clock.setTimeout(() => seen.push(context.getStore()), 10));

    await context.run("a test", async () => pass(clock, below));

    expect(seen).toEqual(["ann"]);
  });
});

/** An application's clock and its door, for tests that need no more. */
function withConnect(running: TestingApplication): Pick<TestingApplication, "clock" | "connect"> {
  return { clock: running.clock, connect: running.connect.bind(running) };
}
