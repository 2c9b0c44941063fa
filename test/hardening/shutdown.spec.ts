import { setImmediate as nextTurn } from "node:timers/promises";
import { connect, departure, join } from "../support/joining.js";
import type { Socket } from "../support/peer.js";
import { ManualClock } from "../support/manual-clock.js";
import { PollingSession, send } from "../support/raw-http.js";
import { RawWebSocket, refusedUpgrade } from "../support/raw-websocket.js";
import { RecordingLogger } from "../support/recording-logger.js";
import { Stage } from "../support/stage.js";
import { deferred, until, within } from "../support/waiting.js";

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
});
