import {
  Ack,
  Application,
  Injectable,
  Namespace,
  OnDisconnect,
  OnDisconnecting,
  OnEvent,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  silentLogger,
  Timeout,
} from "rookery";
import { Test, type TestingApplication } from "rookery/testing";
import { ManualClock } from "../../support/manual-clock.js";
import { deferred, nextEvent, until, type Deferred } from "../../support/waiting.js";
import { moduleOf, Running, useApplications } from "../support/applications.js";

const SOCKETS = 1_000;

@Injectable()
class Ledger implements OnModuleDestroy, OnApplicationShutdown {
  readonly entries: string[] = [];

  async onModuleDestroy(): Promise<void> {
    await new Promise(setImmediate);
    this.entries.push("module hook");
  }

  onApplicationShutdown(): void {
    this.entries.push("shutdown hook");
  }
}

@Namespace()
class WorkGateway {
  readonly running: Deferred<undefined>[] = [];
  disconnecting = 0;
  disconnected = 0;
  isDisconnectSlow = false;

  constructor(private readonly ledger: Ledger) {}

  @OnEvent("work")
  @Ack()
  @Timeout(0)
  async work(name: number): Promise<number> {
    const gate = deferred<undefined>();
    this.running.push(gate);
    await gate.promise;
    return name;
  }

  @OnEvent("ping")
  @Ack()
  ping(): string {
    return "pong";
  }

  @OnDisconnecting()
  leaving(): void {
    this.disconnecting++;
  }

  @OnDisconnect()
  async left(): Promise<void> {
    await new Promise(setImmediate);
    this.disconnected++;
    if (this.disconnected === SOCKETS) this.ledger.entries.push("all have left");
  }
}

describe("an application with 1,000 sockets and slow handlers in flight", () => {
  it("loses no answer, awaits every hook in order, and ends", async () => {
    const app = await Test.createTestingModule({ providers: [WorkGateway, Ledger] }).compile();
    const gateway = app.get(WorkGateway);
    const clients = await Promise.all(Array.from({ length: SOCKETS }, () => app.connect()));
    const heard: string[] = [];
    const answers = clients.map((client, index) => client.emitWithAck("work", index));
    clients[0]?.on("disconnect", () => heard.push("disconnect"));
    void answers[0]?.then(() => heard.push("answer"));
    await until(() => gateway.running.length === SOCKETS, "all handlers run");
    const closed = app.close({ drainMs: 10_000 });
    await expect(clients[0]?.emitWithAck("ping")).rejects.toMatchObject({ code: "SHUTTING_DOWN" });
    expect(gateway.disconnecting).toBe(0);
    for (const gate of gateway.running) gate.resolve(undefined);
    await closed;

    expect(await Promise.all(answers)).toEqual(clients.map((_, index) => index));
    expect(heard).toEqual(["answer", "disconnect"]);
    expect([gateway.disconnecting, gateway.disconnected]).toEqual([SOCKETS, SOCKETS]);
    expect(app.get(Ledger).entries).toEqual(["all have left", "module hook", "shutdown hook"]);
    expect(clients.every(({ connected }) => !connected)).toBe(true);
  });
});

describe("closing", () => {
  let clock: ManualClock;
  let app: TestingApplication;

  beforeEach(async () => {
    clock = new ManualClock();
    app = await Test.createTestingModule({ providers: [WorkGateway, Ledger] }, { clock }).compile();
  });
  afterEach(() => app.close());

  it("disconnects in slices of a tenth of a second", async () => {
    await Promise.all(Array.from({ length: 50 }, () => app.connect()));
    const { engine } = app.server;
    const closed = app.close({ drainMs: 60_000, disconnectsPerSecond: 200 });
    for (const left of [30, 10]) {
      await until(() => engine.clientsCount === left, `${left} are left`);
      clock.advance(100);
    }
    await closed;

    expect(engine.clientsCount).toBe(0);
  });

  it("disconnects all that are left when drainMs is over", async () => {
    await Promise.all(Array.from({ length: 50 }, () => app.connect()));
    const { engine } = app.server;
    const closed = app.close({ drainMs: 250, disconnectsPerSecond: 10 });
    await until(() => engine.clientsCount === 49, "the first has gone");
    clock.advance(100);
    await until(() => engine.clientsCount === 48, "the second has gone");
    clock.advance(150);
    await closed;

    expect(engine.clientsCount).toBe(0);
  });

  it("serves for noticeMs after it says that it is not ready", async () => {
    const client = await app.connect();
    const closed = app.close({ noticeMs: 3_000 });
    expect(await client.emitWithAck("ping")).toBe("pong");
    const late = await app.server.sockets.fetchSockets();
    expect(late).toHaveLength(1);
    clock.advance(3_000);
    await closed;

    expect(client.connected).toBe(false);
  });

  it("answers SHUTTING_DOWN to those whose handlers outlast drainMs, and to those that wait behind them", async () => {
    const client = await app.connect();
    const answers = Promise.allSettled([client.emitWithAck("work", 1), client.emitWithAck("ping")]);
    await until(() => app.get(WorkGateway).running.length === 1, "the handler runs");
    const closed = app.close({ drainMs: 500 });
    clock.advance(500);
    await closed;

    expect(await answers).toEqual(
      Array(2).fill({ status: "rejected", reason: expect.objectContaining({ code: "SHUTTING_DOWN" }) }),
    );
  });

  it("leaves hooks behind that do not end within hooksMs, runs the others, and names them", async () => {
    class Stuck {
      async onModuleDestroy(): Promise<void> {
        await new Promise(() => undefined);
      }
    }
    const hooked = await Test.createTestingModule({ providers: [Ledger, Stuck] }, { clock }).compile();
    const closed = hooked.close({ hooksMs: 2_000 });
    const outcome = closed.catch((error: unknown) => error);
    await until(() => clock.pendingTimers > 0, "the hooks run");
    await new Promise(setImmediate);
    clock.advance(2_000);

    expect(await outcome).toMatchObject({
      code: "GATEWAY_SHUTDOWN_FAILED",
      message: expect.stringContaining("not ended after hooksMs (2000 ms)"),
    });
    expect(hooked.get(Ledger).entries).toEqual(["module hook", "shutdown hook"]);
  });

  it.each([{ drainMs: -1 }, { hooksMs: Number.NaN }, { noticeMs: "5s" as unknown as number }])(
    "refuses %j",
    async (options) => {
      const other = await Application.create(moduleOf({}), { logger: silentLogger });

      await expect(other.close(options)).rejects.toMatchObject({ code: "GATEWAY_BAD_OPTION" });
      await expect(Application.create(moduleOf({}), { logger: silentLogger, shutdown: options })).rejects.toMatchObject(
        { code: "GATEWAY_BAD_OPTION" },
      );
    },
  );
});

describe("closing over real connections", () => {
  const run = useApplications();
  const handshake = (running: Running): Promise<Response> =>
    fetch(`http://127.0.0.1:${running.app.address().port}/socket.io/?EIO=4&transport=polling`);

  it("answers new handshakes 503 with Retry-After, of polling and WebSocket, while sessions go on", async () => {
    const running = await run({ providers: [WorkGateway, Ledger] });
    const client = running.client("/", {}, "polling");
    await nextEvent(client, "connect");
    const answer = client.emitWithAck("work", 7);
    const gateway = running.app.get(WorkGateway);
    await until(() => gateway.running.length === 1, "the handler runs");
    const closed = running.app.close({ retryAfterMs: 7_500 });
    await until(async () => (await handshake(running)).status === 503, "handshakes are refused");

    const refused = await handshake(running);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "8"]);
    const [error] = await nextEvent(running.client(), "connect_error");
    expect(String((error as { description?: { message?: string } }).description?.message)).toContain("503");
    gateway.running[0]?.resolve(undefined);
    expect(await answer).toBe(7);
    await closed;
  });

  it("says not ready before anything else, and live to the end", async () => {
    const clock = new ManualClock();
    const running = await run({}, { clock });
    const probe = async (name: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${running.app.address().port}/health/${name}`)).status;
    expect([await probe("live"), await probe("ready")]).toEqual([200, 200]);
    const closed = running.app.close({ noticeMs: 1_000 });

    expect([await probe("live"), await probe("ready")]).toEqual([200, 503]);
    expect((await handshake(running)).status).toBe(200);
    clock.advance(1_000);
    await until(() => !running.app.server.httpServer.listening, "the port is free");
    clock.advance(60_000);
    await closed;
  });
});
