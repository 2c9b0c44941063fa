import { Ack, createParamDecorator, GatewayException, Latest, Namespace, OnConnect, OnEvent, Timeout } from "rookery";
import { Test, type TestingApplication } from "rookery/testing";
import { deferred, until } from "../support/waiting.js";
import { ManualClock } from "./support/manual-clock.js";

const CallSignal = createParamDecorator((_data: undefined, { signal }) => signal);

/** A handler that ends when its signal aborts, as `fetch(url, { signal })` does. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason as Error);
    });
  });
}

@Namespace()
class SlowGateway {
  readonly signals: AbortSignal[] = [];
  readonly connecting = deferred<AbortSignal>();

  @OnEvent("slow")
  @Ack()
  @Timeout("5s")
  slow(@CallSignal(undefined) signal: AbortSignal): Promise<never> {
    this.signals.push(signal);
    return untilAborted(signal);
  }

  @OnEvent("endless")
  @Ack()
  @Timeout(0)
  endless(@CallSignal(undefined) signal: AbortSignal): Promise<never> {
    this.signals.push(signal);
    return new Promise(() => undefined);
  }

  @OnEvent("newest")
  @Ack()
  @Latest()
  newest(@CallSignal(undefined) signal: AbortSignal): Promise<never> | string {
    this.signals.push(signal);
    return this.signals.length > 1 ? "done" : untilAborted(signal);
  }

  @OnEvent("quick")
  @Ack()
  quick(@CallSignal(undefined) signal: AbortSignal): void {
    this.signals.push(signal);
  }
}

@Namespace("/door")
class DoorGateway {
  readonly signal = deferred<AbortSignal>();

  @OnConnect()
  hello(@CallSignal(undefined) signal: AbortSignal): Promise<never> {
    this.signal.resolve(signal);
    return untilAborted(signal);
  }
}

@Namespace("/hall")
class HallGateway {
  readonly signals: AbortSignal[] = [];

  @OnConnect()
  hello(@CallSignal(undefined) signal: AbortSignal): void {
    this.signals.push(signal);
    if (this.signals.length % 2 === 0) throw new GatewayException("FORBIDDEN");
  }
}

let app: TestingApplication;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  app = await Test.createTestingModule({ providers: [SlowGateway, DoorGateway, HallGateway] }, { clock }).compile();
});
afterEach(async () => {
  const closed = app.close({ drainMs: 0 });
  clock.advance(1);
  await closed;
});

const signals = (): AbortSignal[] => app.get(SlowGateway).signals;
const begun = (count = 1): Promise<void> => until(() => signals().length === count, "the handler runs");

describe("the signal of a call", () => {
  it("may have listeners that throw: that is logged, and harms nobody", async () => {
    const client = await app.connect();
    const answer = client.emitWithAck("slow");
    await begun();
    const [signal] = signals() as [AbortSignal];
    const heard: string[] = [];
    const explode = (): never => JSON.parse("{") as never;
    const removed = (): unknown => heard.push("removed");
    signal.addEventListener("abort", explode);
    const reject = (): unknown => Promise.reject(new Error("later"));
    signal.addEventListener("abort", reject);
    signal.addEventListener("abort", { handleEvent: explode });
    signal.addEventListener("abort", removed);
    signal.removeEventListener("abort", removed);
    signal.addEventListener("abort", () => heard.push("once"), { once: true });
    signal.onabort = explode;
    const either = AbortSignal.any([signal, new AbortController().signal]);
    clock.advance(5_000);

    await expect(answer).rejects.toMatchObject({ code: "TIMEOUT" });
    await app.settled();
    expect([heard, either.aborted]).toEqual([["once"], true]);
    expect(app.log.map(({ message }) => message)).toEqual(
      Array(4).fill("a listener of the signal of SlowGateway.slow threw"),
    );
  });

  it("aborts at the timeout, and what the handler throws then is nobody's error", async () => {
    const client = await app.connect();
    const answer = client.emitWithAck("slow");
    await begun();
    clock.advance(4_999);
    expect(signals()[0]?.aborted).toBe(false);
    clock.advance(1);

    await expect(answer).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(signals()[0]?.reason).toMatchObject({ code: "TIMEOUT" });
    await app.settled();
    expect(app.log).toEqual([]);
  });

  it("aborts when the client disconnects", async () => {
    const client = await app.connect();
    client.emit("slow");
    await begun();
    await client.disconnect();

    expect(signals()[0]?.reason).toMatchObject({ code: "DISCONNECTED" });
    await app.settled();
    expect(app.log).toEqual([]);
  });

  it("aborts when the client leaves before it is let in", async () => {
    void app.connect("/door").catch(() => undefined);
    const signal = await app.get(DoorGateway).signal.promise;
    for (const connection of Object.values(app.server.engine.clients)) connection.close();

    await until(() => signal.aborted, "the signal aborts");
    expect(signal.reason).toMatchObject({ code: "DISCONNECTED" });
  });

  it("of connect hooks leaves nothing with the connection, however often its client comes and goes", async () => {
    const client = await app.connect();
    const [connection] = Object.values(app.server.engine.clients);
    for (let round = 1; round <= 10; round += 1) {
      const visitor = await client.connect("/hall");
      await visitor.disconnect();
      await expect(client.connect("/hall")).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
    expect(connection?.listenerCount("close")).toBe(1);
    await client.disconnect();

    expect(app.get(HallGateway).signals.map(({ aborted }) => aborted)).toEqual(Array(20).fill(false));
  });

  it("aborts when a newer event supersedes the call", async () => {
    const client = await app.connect();
    const older = client.emitWithAck("newest");
    await begun();
    const newer = client.emitWithAck("newest");

    await expect(older).rejects.toMatchObject({ code: "SUPERSEDED" });
    expect(await newer).toBe("done");
    expect(signals().map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it("aborts at shutdown when the patience ends, and the client is told", async () => {
    const client = await app.connect();
    const answer = client.emitWithAck("endless");
    answer.catch(() => undefined);
    await begun();
    const closed = app.close({ drainMs: 3_000 });
    clock.advance(2_999);
    expect(signals()[0]?.aborted).toBe(false);
    clock.advance(1);
    await closed;

    expect(signals()[0]?.reason).toMatchObject({ code: "SHUTTING_DOWN" });
    await expect(answer).rejects.toMatchObject({ code: "SHUTTING_DOWN" });
  });

  it("stays as it is after the call", async () => {
    const client = await app.connect();
    await client.emitWithAck("quick");
    await client.disconnect();
    await app.settled();

    expect(signals()[0]?.aborted).toBe(false);
  });
});
