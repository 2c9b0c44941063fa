import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Ack, Application, GatewayError, Namespace, OnEvent, silentLogger, Timeout } from "rookery";
import { deferred, nextEvent, until } from "../../support/waiting.js";
import { ask, moduleOf, Running, useApplications } from "../support/applications.js";
import { ManualClock } from "../support/manual-clock.js";

@Namespace()
class EchoGateway {
  readonly begun = deferred<undefined>();
  readonly gate = deferred<undefined>();

  @OnEvent("echo")
  @Ack()
  echo(value: unknown): unknown {
    return value;
  }

  @OnEvent("slow")
  @Ack()
  @Timeout(0)
  async slow(): Promise<string> {
    this.begun.resolve(undefined);
    await this.gate.promise;
    return "at last";
  }
}

const EchoModule = moduleOf({ providers: [EchoGateway] });

function get(url: string): Promise<string> {
  return fetch(url).then((response) => response.text());
}

describe("an application", () => {
  const run = useApplications();

  it("listens, says where, and frees the port when it closes", async () => {
    const app = await Application.create(EchoModule, { logger: silentLogger });
    expect(() => app.address()).toThrow(GatewayError);
    expect(await app.listen(0, "127.0.0.1")).toBe(app);
    const { port, address } = app.address();
    expect(address).toBe("127.0.0.1");
    await app.close();
    const again = await Application.create(EchoModule, { logger: silentLogger });
    await again.listen(port, "127.0.0.1");
    expect(again.address().port).toBe(port);
    await again.close();
  });

  it("says plainly that a port is taken, or what else keeps it from listening", async () => {
    const { app } = await run({});
    const other = await Application.create(EchoModule, { logger: silentLogger });
    const { port } = app.address();
    await expect(other.listen(port, "127.0.0.1")).rejects.toMatchObject({
      code: "GATEWAY_PORT_IN_USE",
      message: `port ${port} is taken by another process`,
    });
    await expect(other.listen(0, "203.0.113.1")).rejects.toMatchObject({ code: "GATEWAY_LISTEN_FAILED" });
    await expect(other.listen(Number.NaN)).rejects.toMatchObject({ code: "GATEWAY_LISTEN_FAILED" });
    await other.close();
  });

  it("serves Socket.IO beside the requests of an HTTP server of the user's", async () => {
    const server = createServer((_request, response) => response.end("mine"));
    const app = await Application.create(EchoModule, { logger: silentLogger });
    await app.attach(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const running = new Running(app, []);
    const { port } = server.address() as AddressInfo;
    expect(app.address().port).toBe(port);
    expect(await get(`http://127.0.0.1:${port}/`)).toBe("mine");
    expect(await ask(await running.connect(), "echo", 1)).toBe(1);
    await running.close();
    expect(server.listening).toBe(false);
  });

  it("answers other requests with 404 when it listens by itself", async () => {
    const { app } = await run({});
    const response = await fetch(`http://127.0.0.1:${app.address().port}/`);
    expect(response.status).toBe(404);
  });

  it("hands the server's options to the server", async () => {
    const { app } = await run({}, { path: "/elsewhere", pingInterval: 1_234 });
    const response = await get(`http://127.0.0.1:${app.address().port}/elsewhere/?EIO=4&transport=polling`);
    expect(response).toMatch(/^0\{.*"pingInterval":1234/);
  });

  it("takes global guards and filters only before it starts", async () => {
    const { app } = await run({});
    const guard = { canActivate: () => true };
    expect(() => app.useGlobalGuards(guard)).toThrow("useGlobalGuards() came after the application had started");
    expect(() => app.useGlobalFilters({ catch: () => undefined })).toThrow(GatewayError);
  });

  it("starts no more when it is closed", async () => {
    const app = await Application.create(EchoModule);
    await app.close();
    await expect(app.init()).rejects.toMatchObject({ code: "GATEWAY_CLOSED" });
  });

  it("ends its start when it is closed meanwhile, and does not listen", async () => {
    const gate = deferred<undefined>();
    const diary: string[] = [];
    const hooks = {
      onApplicationBootstrap: () => gate.promise.then(() => diary.push("start")),
      onModuleDestroy: () => diary.push("end"),
    };
    const app = await Application.create(moduleOf({ providers: [{ provide: "hooks", useValue: hooks }] }), {
      logger: silentLogger,
    });
    const listening = app.listen(0, "127.0.0.1");
    const refused = expect(listening).rejects.toMatchObject({ code: "GATEWAY_CLOSED" });
    const closed = app.close();
    gate.resolve(undefined);
    await closed;

    await refused;
    expect(diary).toEqual(["start", "end"]);
    expect(app.server.httpServer).toBeUndefined();
  });

  it("is disposed of by `await using`", async () => {
    const app = await Application.create(EchoModule);
    await app.init();
    await app[Symbol.asyncDispose]();
    await expect(app.init()).rejects.toMatchObject({ code: "GATEWAY_CLOSED" });
  });

  it("answers NOT_FOUND in the namespace / even without a gateway there", async () => {
    const client = await (await run({})).connect();
    expect(await ask(client, "anything")).toMatchObject({ error: { code: "NOT_FOUND" } });
  });
});

describe("an application that closes", () => {
  const run = useApplications();

  it("waits for handlers in flight, whose answers leave, then disconnects everyone", async () => {
    const running = await run({ providers: [EchoGateway] });
    const client = await running.connect();
    const { begun, gate } = running.app.get(EchoGateway);
    const heard: string[] = [];
    const answer = ask(client, "slow").then((value) => heard.push(String(value)));
    const gone = nextEvent(client, "disconnect").then(() => heard.push("disconnect"));
    await begun.promise;
    const closed = running.app.close();
    gate.resolve(undefined);
    await Promise.all([closed, answer, gone]);
    expect(heard).toEqual(["at last", "disconnect"]);
  });

  it("waits until polling clients have fetched their answers", async () => {
    const running = await run({ providers: [EchoGateway] });
    const clients = Array.from({ length: 5 }, () => running.client("/", {}, "polling"));
    const { begun, gate } = running.app.get(EchoGateway);
    const answers = clients.map((client) => ask(client, "slow"));
    await begun.promise;
    await until(() => running.app.server.engine.clientsCount === 5, "all are connected");
    // The answer to a second event takes the poll that waits; the first one's answer then has none to leave by.
    const late = Promise.all(clients.map((client) => ask(client, "nobody handles this")));
    await late;
    const closed = running.app.close();
    gate.resolve(undefined);
    expect(await Promise.all(answers)).toEqual(clients.map(() => "at last"));
    await closed;
  });

  it("waits no longer than drainMs", async () => {
    const clock = new ManualClock();
    const running = await run({ providers: [EchoGateway] }, { clock });
    const client = await running.connect();
    const gone = nextEvent(client, "disconnect");
    void client.emitWithAck("slow").catch(() => undefined);
    await running.app.get(EchoGateway).begun.promise;
    const closed = running.app.close({ drainMs: 2_000 });
    clock.advance(1_999);
    expect(running.app.server.sockets.sockets.size).toBe(1);
    clock.advance(1);
    await gone;
    await closed;
  });

  it("closes at a signal, then lets the process end by it", async () => {
    const kill = jest.spyOn(process, "kill").mockReturnValue(true);
    const shutdown = jest.fn();
    const provider = { provide: "hooks", useValue: { onApplicationShutdown: shutdown } };
    const { app } = await run({ providers: [provider] });
    const before = process.listenerCount("SIGTERM");
    app.enableShutdownHooks();
    expect(process.listenerCount("SIGTERM")).toBe(before + 1);
    process.emit("SIGTERM", "SIGTERM");
    await until(() => kill.mock.calls.length > 0, "the process is told to end");
    expect(process.listenerCount("SIGTERM")).toBe(before);
    expect(kill).toHaveBeenCalledWith(process.pid, "SIGTERM");
    expect(shutdown).toHaveBeenCalledWith("SIGTERM");
    kill.mockRestore();
  });

  it("forgets the signals", async () => {
    const { app } = await run({});
    const before = process.listenerCount("SIGINT");
    app.enableShutdownHooks();
    await app.close();
    expect(process.listenerCount("SIGINT")).toBe(before);
  });
});
