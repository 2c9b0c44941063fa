import { itIsBetterHere } from "../support/better-here.js";
import type { Socket } from "../support/peer.js";
import { PollingSession, send } from "../support/raw-http.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent, nextEvents, until } from "../support/waiting.js";

const open = useStages();

/** A session joined to the main namespace, and the server's socket. */
async function joined(stage: Stage): Promise<{ session: PollingSession; socket: Socket }> {
  const connected = nextEvent(stage.io, "connection");
  const session = await PollingSession.join(stage);
  const [socket] = (await connected) as [Socket];
  return { session, socket };
}

async function parked(socket: Socket): Promise<void> {
  await until(() => socket.conn.transport.writable, "a poll is parked");
}

describe("a poll", () => {
  it("is parked until there is something to say", async () => {
    const { session, socket } = await joined(await open());
    const poll = session.poll();
    await parked(socket);
    socket.emit("say", 1);
    const { status, headers, body } = await poll;

    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/plain; charset=UTF-8");
    expect(headers["cache-control"]).toBe("no-store");
    expect(body).toBe('42["say",1]');
  });

  it("brings everything that was said since the last one", async () => {
    const { session, socket } = await joined(await open());
    socket.emit("say", 1);
    socket.emit("say", "é🐦");
    socket.emit("say", 3);

    expect((await session.poll()).body).toBe('42["say",1]\x1e42["say","é🐦"]\x1e42["say",3]');
  });

  it("brings binary as base64", async () => {
    const { session, socket } = await joined(await open());
    socket.emit("bin", Buffer.from([1, 2, 3, 4]));

    expect((await session.poll()).body).toBe('451-["bin",{"_placeholder":true,"num":0}]\x1ebAQIDBA==');
  });

  it("while another one is parked is refused and ends the session", async () => {
    const { session, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    const first = session.poll();
    await parked(socket);
    const second = await session.poll();

    expect([second.status, second.body]).toEqual([400, ""]);
    expect((await gone)[0]).toBe("transport error");
    expect((await first).body).toBe("1");
    expect(await session.isGone()).toBe(true);
  });

  it.each([
    ["the client", "1", "6"],
    ["a mistake of the client", "abc", "1"],
  ])("is answered when %s ends the session", async (_what, said, answer) => {
    const { session, socket } = await joined(await open());
    const poll = session.poll();
    await parked(socket);
    await session.post(said);

    expect((await poll).body).toBe(answer);
    expect(await session.isGone()).toBe(true);
  });

  it("that the client gives up ends the session", async () => {
    const { session, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    const abort = new AbortController();
    const poll = session.poll(abort.signal);
    await parked(socket);
    abort.abort();

    await expect(poll).rejects.toThrow("aborted");
    expect((await gone)[0]).toBe("transport error");
    expect(await session.isGone()).toBe(true);
  });

  it("of a WebSocket's session is refused", async () => {
    const stage = await open();
    const socket = await RawWebSocket.open(stage);
    const { sid } = JSON.parse(String(await socket.next()).slice(1)) as { sid: string };
    const { status, body } = await send(stage, `EIO=4&transport=polling&sid=${sid}`);

    expect([status, body]).toEqual([400, '{"code":3,"message":"Bad request"}']);
  });

  it("with another protocol version than the session's is refused", async () => {
    const stage = await open();
    const session = await PollingSession.open(stage);
    const { status, body } = await send(stage, session.query.replace("EIO=4", "EIO=3"));

    expect(status).toBe(400);
    expect(body).toMatch(/^\{"code":[35],/);
  });
});

describe("a POST", () => {
  it("is answered with ok", async () => {
    const { session, socket } = await joined(await open());
    const arrived = nextEvent(socket, "say");
    const { status, headers, body } = await session.post('42["say",1]');

    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/html");
    expect(headers["content-length"]).toBe("2");
    expect(body).toBe("ok");
    expect(await arrived).toEqual([1]);
  });

  it("brings several packets in order", async () => {
    const { session, socket } = await joined(await open());
    const arrived = nextEvents(socket, "say", 3);
    await session.post('42["say",1]\x1e42["say","é🐦"]\x1e42["say",3]');

    expect(await arrived).toEqual([[1], ["é🐦"], [3]]);
  });

  it("brings binary as base64", async () => {
    const { session, socket } = await joined(await open());
    const arrived = nextEvent(socket, "bin");
    await session.post('451-["bin",{"_placeholder":true,"num":0}]\x1ebAQIDBA==');

    expect(await arrived).toEqual([Buffer.from([1, 2, 3, 4])]);
  });

  it("may be as large as the limit", async () => {
    const { session, socket } = await joined(await open({ maxHttpBufferSize: 1000 }));
    const arrived = nextEvent(socket, "say");
    const text = "a".repeat(1000 - '42["say",""]'.length);
    const { status } = await session.post(`42["say","${text}"]`);

    expect(status).toBe(200);
    expect(await arrived).toEqual([text]);
  });

  it("beyond the limit is refused and the session lives on", async () => {
    const { session, socket } = await joined(await open({ maxHttpBufferSize: 1000 }));
    const { status, body } = await session.post(`42["say","${"a".repeat(1000)}"]`);
    expect([status, body]).toEqual([413, ""]);

    const arrived = nextEvent(socket, "say");
    await session.post('42["say","small"]');
    expect(await arrived).toEqual(["small"]);
  });

  it.each([
    ["is no packet", "abc", "parse error"],
    ["is empty", "", "parse error"],
    ["holds one packet that is none", '42["say",1]\x1e\x1e42["say",2]', "parse error"],
    ["is a ping, which only servers send", "2", "transport error"],
    ["is a close packet", "1", "transport close"],
  ])("that %s is answered with ok and ends the session", async (_what, body, reason) => {
    const { session, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    const reply = await session.post(body);

    expect([reply.status, reply.body]).toEqual([200, "ok"]);
    expect((await gone)[0]).toBe(reason);
    expect(await session.isGone()).toBe(true);
  });

  it("of bytes is refused and ends the session", async () => {
    const { session, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    const { status } = await session.post(Buffer.from([0, 1, 2]), "application/octet-stream");

    expect(status).toBe(400);
    await gone;
    expect(await session.isGone()).toBe(true);
  });

  itIsBetterHere("by another method is refused as the client's mistake", async () => {
    const stage = await open();
    const session = await PollingSession.open(stage);
    const { status } = await send(stage, session.query, { method: "PUT" });

    expect([400, 405]).toContain(status);
  });
});
