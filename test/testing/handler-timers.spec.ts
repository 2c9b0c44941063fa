import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import { ConnectedSocket, Namespace, OnConnect, OnDisconnect, OnEvent, type Socket } from "rookery";
import { Test, type TestClient, type TestingApplication, type TestingOptions } from "rookery/testing";

const HOUR_MS = 3_600_000;

/** What gateways have started, for tests to stop it. */
const started: { readonly interval?: NodeJS.Timeout; readonly timer?: NodeJS.Timeout }[] = [];

@Namespace("/")
class TimersGateway {
  @OnEvent("later")
  later(@ConnectedSocket() socket: Socket): void {
    setTimeout(() => socket.emit("came"), 30);
  }

  @OnEvent("later, by a promise")
  laterByPromise(@ConnectedSocket() socket: Socket): void {
    void delay(30).then(() => socket.emit("came"));
  }

  @OnEvent("later, after an await")
  async laterAfterAwait(@ConnectedSocket() socket: Socket): Promise<void> {
    await nextTurn();
    setTimeout(() => socket.emit("came"), 30);
  }

  @OnEvent("later, by a timer's timer")
  laterByTimer(@ConnectedSocket() socket: Socket): void {
    setTimeout(() => setTimeout(() => void nextTurn().then(() => socket.emit("came")), 10), 10);
  }

  @OnEvent("later, after many turns of the event loop")
  async laterAfterTurns(@ConnectedSocket() socket: Socket): Promise<void> {
    const work = async (): Promise<void> => {
      for (let turn = 0; turn < 50; turn += 1) await nextTurn();
      socket.emit("came");
    };
    void work();
    return Promise.resolve();
  }

  @OnEvent("every hour")
  everyHour(): void {
    started.push({ interval: setInterval(() => undefined, HOUR_MS) });
  }

  @OnEvent("in an hour")
  inAnHour(): void {
    started.push({ timer: setTimeout(() => undefined, HOUR_MS) });
  }

  @OnEvent("in an hour, if the process lasts")
  inAnHourPerhaps(): void {
    started.push({ timer: setTimeout(() => undefined, HOUR_MS).unref() });
  }

  @OnEvent("over and over")
  overAndOver(): void {
    const timer = setTimeout(() => {
      started.pop();
      this.overAndOver();
    }, 1);
    started.push({ timer });
  }
}

@Namespace("/hooks")
class HooksGateway {
  readonly log: string[] = [];

  @OnConnect()
  enter(): void {
    setTimeout(() => this.log.push("entered"), 20);
  }

  @OnDisconnect()
  leave(): void {
    setTimeout(() => this.log.push("left"), 20);
  }
}

let app: TestingApplication;

afterEach(async () => {
  for (const { interval, timer } of started.splice(0)) {
    clearInterval(interval);
    clearTimeout(timer);
  }
  await app.close();
});

async function start(options?: TestingOptions): Promise<TestClient> {
  app = await build(options);
  return app.connect();
}

/** Without a limit in time: what is waited for in vain, is waited for until the test's own timeout. */
async function build(options: TestingOptions = { timersWithinMs: Infinity }): Promise<TestingApplication> {
  return Test.createTestingModule({ providers: [TimersGateway, HooksGateway] }, options).compile();
}

describe("settled() waits for", () => {
  it.each([
    "later",
    "later, by a promise",
    "later, after an await",
    "later, by a timer's timer",
    "later, after many turns of the event loop",
  ])("what a handler does %s", async (event) => {
    const ann = await start();

    ann.emit(event);
    await app.settled();

    expect(ann.inbox.map((received) => received.event)).toEqual(["came"]);
  });

  it("timers of hooks", async () => {
    await start();
    const ann = await app.connect("/hooks");
    await ann.disconnect();

    await app.settled();

    expect(app.get(HooksGateway).log).toEqual(["entered", "left"]);
  });

  it("timers of a handler that is invoked by itself", async () => {
    await start();

    await app.invoke(HooksGateway, "enter");
    await app.settled();

    expect(app.get(HooksGateway).log).toEqual(["entered"]);
  });

  it("timers of every server of a cluster, of those that are left when one is closed", async () => {
    app = await build();
    const [, two, three] = await app.cluster(3);
    await two.close();
    const ann = await three.connect();

    ann.emit("later");
    await app.settled();

    expect(ann.inbox).toHaveLength(1);
  });

  it("what not.toReceive then finds", async () => {
    const ann = await start();
    ann.emit("later");

    await expect(expect(ann).not.toReceive("came")).rejects.toThrow('"came"');
  });
});

describe("settled() does not wait for", () => {
  it("a timer that is cleared", async () => {
    const ann = await start({ timersWithinMs: 50 });
    ann.emit("in an hour");
    await app.settled();
    clearTimeout(started[0]?.timer);

    await expect(app.settled()).resolves.toBeUndefined();
  });

  it.each(["every hour", "in an hour, if the process lasts"])("what a handler does %s", async (event) => {
    const ann = await start();

    ann.emit(event);
    await app.settled();

    expect(started).toHaveLength(1);
  });

  it("timers that are due after the limit, of a second by default", async () => {
    const ann = await start({});

    ann.emit("in an hour");
    await app.settled();

    expect(started).toHaveLength(1);
  });

  it("timers that start each other for ever, longer than the limit", async () => {
    const ann = await start({ timersWithinMs: 20 });

    ann.emit("over and over");

    await expect(ann).not.toReceive("anything");
  });

  it("any timer when the limit is 0", async () => {
    const ann = await start({ timersWithinMs: 0 });

    ann.emit("later");

    await expect(ann).not.toReceive("came");
  });

  it("timers of the test, of heartbeats, and of time limits", async () => {
    await start();
    started.push({ timer: setTimeout(() => undefined, HOUR_MS) });

    await expect(app.settled()).resolves.toBeUndefined();
  });
});
