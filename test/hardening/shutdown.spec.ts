import { connect as connectHttp2, createSecureServer, createServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import { connect as connectTcp, type AddressInfo, type Server as NetServer, type Socket as TcpSocket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { connect, departure, join } from "../support/joining.js";
import type { HttpServerInstance } from "rookery/core";
import { Server, type Socket } from "../support/peer.js";
import { tls } from "../support/tls.js";
import { ManualClock } from "../support/manual-clock.js";
import { RawConnection } from "../support/raw-connection.js";
import { PollingSession, send } from "../support/raw-http.js";
import { RawWebSocket, refusedUpgrade } from "../support/raw-websocket.js";
import { RecordingLogger } from "../support/recording-logger.js";
import { Stage } from "../support/stage.js";
import { deferred, nextEvent, until, within } from "../support/waiting.js";

const stages: Stage[] = [];

afterEach(async () => {
  await Promise.all(stages.splice(0).map((stage) => stage.close()));
});

const clock = new ManualClock();

async function open(): Promise<Stage> {
  const stage = await Stage.open({ clock, logger: new RecordingLogger() });
  stages.push(stage);
  return stage;
}

describe("shutting down", () => {
  it("row 158: connect during `io.close()`; emit during; close twice", async () => {
    const stage = await open();
    const { io } = stage;
    const adapterClosing = deferred<undefined>();
    const { promise: started, resolve: onStart } = deferred<undefined>();
    io.of("/").adapter.close = async () => {
      onStart(undefined);
      await adapterClosing.promise;
    };
    const { client, socket } = await join(stage);
    const idle = await connect(stage);
    const heard: unknown[] = [];
    socket.on("disconnecting", (reason) => heard.push(["disconnecting", reason, socket.emit("late")]));
    socket.on("disconnect", (reason) => heard.push(["disconnect", reason, socket.emit("later")]));
    const answer = socket.emitWithAck("q").all();
    const closings = [io.close(), io.close()];
    await started;

    expect(closings[0]).toBe(closings[1]);
    expect(heard).toEqual([
      ["disconnecting", "server shutting down", true],
      ["disconnect", "server shutting down", false],
    ]);
    expect(await answer).toMatchObject([{ ok: false, error: { code: "SOCKET_ACK_DISCONNECTED" } }]);
    expect(io.emit("to nobody")).toBe(true);
    expect(await io.emitWithAck("to nobody")).toEqual([]);
    expect((await send(stage, "EIO=4&transport=polling")).status).toBe(503);
    expect((await refusedUpgrade(stage, "EIO=4&transport=websocket")).status).toBe(503);
    idle.send("40");
    adapterClosing.resolve(undefined);
    await within(Promise.all(closings), "the end of the server");

    expect(await client.closeCode()).toBe(1005);
    expect(await idle.closeCode()).toBe(1005);
    expect(io.sockets.sockets.size).toBe(0);
    expect(io.close()).toBe(closings[0]);
  });

  it("row 158: connect during `io.close()`; emit during; close twice (a middleware that still thinks)", async () => {
    const stage = await open();
    const thinking = deferred<() => void>();
    const connected: Socket[] = [];
    stage.io.use((_socket, next) => {
      thinking.resolve(next);
    });
    stage.io.on("connection", (socket: Socket) => connected.push(socket));
    const client = await connect(stage);
    client.send("40");
    const proceed = await thinking.promise;
    await stage.io.close();
    proceed();

    expect(await client.closeCode()).toBe(1005);
    expect(connected).toEqual([]);
  });

  it("row 159: client ignores close; slow clients at shutdown", async () => {
    const stage = await open();
    const deaf = await Promise.all(Array.from({ length: 20 }, () => RawWebSocket.join(stage)));
    for (const client of deaf) client.pause();
    const polling = await PollingSession.join(stage);
    stage.io.emit("large", "x".repeat(1_000_000));
    await polling.poll();
    const parked = polling.poll();
    await until(() => stage.io.engine.clients[polling.sid]?.transport.writable === true, "the poll has come");
    const sockets = [...stage.io.sockets.sockets.values()];
    const reasons = Promise.all(sockets.map(departure));
    const closed = stage.io.close();

    expect(new Set((await reasons).map(([reason]) => reason))).toEqual(new Set(["server shutting down"]));
    expect(await Promise.race([closed, nextTurn("waiting")])).toBe("waiting");
    clock.advance(10_001);
    await within(closed, "the end of the server");
    expect(stage.io.engine.clientsCount).toBe(0);
    expect((await parked).body).toMatch(/^[16]$/);
  });

  it.each<[what: string, bytes: string]>([
    ["nothing", ""],
    ["half the head of a request", "GET /socket.io/?EIO=4"],
    ["half the body of a request", "POST /elsewhere HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1"],
  ])("cuts off a connection that has sent %s and goes on waiting", async (_what, bytes) => {
    const stage = await open();
    const accepted = nextEvent(stage.http, "connection");
    const client = new RawConnection(stage);
    const [connection] = (await accepted) as [TcpSocket];
    client.write(bytes);
    await until(() => connection.bytesRead === bytes.length, "the bytes have come");
    const closed = stage.io.close();
    await until(() => !stage.http.listening, "the port is free");
    clock.advance(10_000);
    await within(closed, "the end of the server");

    expect(await client.ended()).toBe("");
  });

  it("closes sessions of HTTP/2 that do nothing, and cuts off those with requests that never end", async () => {
    for (const path of [undefined, "/slow"]) {
      const http = createServer();
      const io = new Server(http, { clock, logger: new RecordingLogger() });
      http.listen(0, "127.0.0.1");
      await nextEvent(http, "listening");
      const session = nextEvent(http, "session");
      const client = connectHttp2(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
      await session;
      const gone = nextEvent(client, "close");
      const asked = path === undefined ? undefined : nextEvent(http, "request");
      if (path !== undefined) client.request({ ":path": path }).on("error", () => undefined);
      await asked;
      const closed = io.close();
      await until(() => !http.listening, "the port is free");
      if (path !== undefined) clock.advance(10_000);
      await within(closed, "the end of the server");

      expect(await gone).toEqual([]);
    }
  });

  it.each<[what: string, create: () => HttpServerInstance]>([
    ["HTTP/2", () => createServer()],
    ["HTTP/2 over TLS", () => createSecureServer(tls)],
    ["HTTPS", () => createHttpsServer(tls)],
  ])(
    "cuts off a connection to a server of %s that has sent nothing and does not close its end",
    async (_what, create) => {
      const http: NetServer = create();
      const io = new Server(http, { clock, logger: new RecordingLogger() });
      http.listen(0, "127.0.0.1");
      await nextEvent(http, "listening");
      const accepted = nextEvent(http, "connection");
      const client = connectTcp((http.address() as AddressInfo).port, "127.0.0.1").on("error", () => undefined);
      const [connection] = (await accepted) as [TcpSocket];
      const closed = io.close();
      await until(() => !http.listening, "the port is free");
      clock.advance(10_000);
      await within(closed, "the end of the server");
      client.destroy();

      expect(connection.destroyed).toBe(true);
    },
  );

  it.each<[what: string, frame: string]>([
    ["WebSocket", "\xff\xff"],
    ["Engine.IO", "\x81\x81\0\0\0\0x"],
  ])("cuts off a client that has broken the rules of %s and does not close its end", async (_what, frame) => {
    const stage = await open();
    const accepted = nextEvent(stage.http, "connection");
    const client = new RawConnection(stage);
    const [connection] = (await accepted) as [TcpSocket];
    await client.upgrade();
    client.socket.pause();
    client.write(frame);
    await until(() => stage.io.engine.clientsCount === 0, "the session has ended");
    expect(connection.destroyed).toBe(false);
    const closed = stage.io.close();
    await until(() => !stage.http.listening, "the port is free");
    clock.advance(10_000);
    await within(closed, "the end of the server");

    expect(connection.destroyed).toBe(true);
  });
});
