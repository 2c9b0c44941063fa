import { silentLogger } from "rookery/core";
import { itIsBetterHere } from "../support/better-here.js";
import type { Socket } from "../support/peer.js";
import { send, type Reply } from "../support/raw-http.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent, until } from "../support/waiting.js";

const POLLING = "EIO=3&transport=polling";
const BYTES = "application/octet-stream";

const openAny = useStages();
const open = (options: object = {}): Promise<Stage> => openAny({ allowEIO3: true, logger: silentLogger, ...options });

/** A session over polling whose socket of the main namespace is there, and what came for it so far is taken. */
async function poll(stage: Stage, query = `${POLLING}&b64=1`): Promise<{ socket: Socket; query: string }> {
  const connected = nextEvent(stage.io, "connection");
  const { body } = await send(stage, query);
  const [, sid = ""] = /sid\\?":\\?"([\w-]+)/.exec(body) ?? [];
  const [socket] = (await connected) as [Socket];
  if (!body.endsWith("2:40")) await send(stage, `${query}&sid=${sid}`);
  return { socket, query: `${query}&sid=${sid}` };
}

async function post(stage: Stage, query: string, body: string | Buffer): Promise<Reply> {
  const type = typeof body === "string" ? "text/plain;charset=UTF-8" : BYTES;
  return send(stage, query, { method: "POST", body, headers: { "content-type": type } });
}

/** A WebSocket that is in the main namespace. */
async function openWebSocket(stage: Stage): Promise<{ client: RawWebSocket; socket: Socket }> {
  const connected = nextEvent(stage.io, "connection");
  const client = await RawWebSocket.open(stage, "EIO=3&transport=websocket");
  const [handshake, answer] = await client.take(2);
  expect(handshake).toMatch(/^0\{"sid":/);
  expect(answer).toBe("40");
  return { client, socket: (await connected)[0] as Socket };
}

describe("clients of Engine.IO 3", () => {
  it.each<[allowEIO3: boolean, status: number]>([
    [true, 200],
    [false, 400],
  ])("Switch: allowEIO3 %s answers with %i", async (allowEIO3, status) => {
    expect((await send(await open({ allowEIO3 }), POLLING)).status).toBe(status);
  });

  it("Polling text payload: the length counts UTF-16 code units, both ways", async () => {
    const stage = await open();
    const { socket, query } = await poll(stage);
    const heard = nextEvent(socket, "a");
    socket.emit("a", "é🐦");
    expect((await send(stage, query)).body).toBe('12:42["a","é🐦"]'.replace("12", String('42["a","é🐦"]'.length)));
    await post(stage, query, `${'42["a","🐦é"]'.length}:42["a","🐦é"]`);

    expect(await heard).toEqual(["🐦é"]);
  });

  it("Polling binary payload: digits as bytes, then 255", async () => {
    const stage = await open();
    const { socket, query } = await poll(stage, POLLING);
    socket.emit("b", Buffer.from([7]));
    const heard = nextEvent(socket, "c");
    const response = await fetch(`${stage.url}/socket.io/?${query}`, { headers: { connection: "close" } });
    const body = Buffer.from(await response.arrayBuffer());
    const header = '451-["b",{"_placeholder":true,"num":0}]';
    const incoming = '42["c",1]';
    await post(stage, query, Buffer.concat([Buffer.from([0, incoming.length, 255]), Buffer.from(incoming)]));

    const digits = Array.from(String(header.length), Number);
    expect(body).toEqual(
      Buffer.concat([Buffer.from([0, ...digits, 255]), Buffer.from(header), Buffer.from([1, 2, 255, 4, 7])]),
    );
    expect(await heard).toEqual([1]);
  });

  async function binaryWith(parameter: string): Promise<string> {
    const stage = await open();
    const { socket, query } = await poll(stage, `${POLLING}&${parameter}`);
    socket.emit("b", Buffer.from([7]));
    return (await send(stage, query)).body;
  }

  it("Polling binary payload: base64 with b64=1", async () => {
    expect(await binaryWith("b64=1")).toContain("6:b4Bw==");
  });

  itIsBetterHere("Polling binary payload: base64 by JSONP", async () => {
    expect(await binaryWith("j=0")).toContain("6:b4Bw==");
  });

  it("WS binary: begins with the byte 4, both ways", async () => {
    const { client, socket } = await openWebSocket(await open());
    socket.emit("b", Buffer.from([7]));
    expect(await client.take(2)).toEqual(['451-["b",{"_placeholder":true,"num":0}]', Buffer.from([4, 7])]);
    const heard = nextEvent(socket, "c");
    client.send('451-["c",{"_placeholder":true,"num":0}]', Buffer.from([4, 8]));

    expect(await heard).toEqual([Buffer.from([8])]);
  });

  it("Heartbeat: the client pings", async () => {
    const { client } = await openWebSocket(await open());
    client.send("2");

    expect(await client.next()).toBe("3");
  });

  it("Connect: `/` by itself, other namespaces when they are asked for", async () => {
    const stage = await open();
    stage.io.of("/x");
    const { client } = await openWebSocket(stage);
    client.send("40/x?t=1,");

    expect(await client.next()).toBe("40/x,");
  });

  it.each<[data: unknown, frame: string]>([
    [undefined, '44/x,"refused"'],
    [{ code: 7 }, '44/x,{"code":7}'],
  ])("ERROR packet: with data %j is %s", async (data, frame) => {
    const stage = await open();
    stage.io.of("/x").use((_socket, next) => {
      next(Object.assign(new TypeError("refused"), data !== undefined && { data }));
    });
    const { client } = await openWebSocket(stage);
    client.send("40/x,");

    expect(await client.next()).toBe(frame);
  });

  it("Auth: is the query, of the connection and of the CONNECT packet", async () => {
    const stage = await open();
    const connected = nextEvent(stage.io.of("/x"), "connection");
    const { client } = await openWebSocket(stage);
    client.send("40/x?token=t,");
    const [socket] = (await connected) as [Socket];

    expect({ ...socket.handshake.auth }).toEqual({ token: "t" });
    expect(socket.handshake.query).toMatchObject({ EIO: "3" });
    expect(Object.getPrototypeOf(socket.handshake.auth)).toBeNull();
  });

  itIsBetterHere("Auth: of the CONNECT packet is in handshake.query, too", async () => {
    const stage = await open();
    const connected = nextEvent(stage.io.of("/x"), "connection");
    const { client } = await openWebSocket(stage);
    client.send("40/x?token=t,");
    const [socket] = (await connected) as [Socket];

    expect(socket.handshake.query).toMatchObject({ EIO: "3", token: "t" });
  });

  it("ids: are the engine's", async () => {
    const { socket } = await openWebSocket(await open());

    expect(socket.id).toBe(socket.conn.id);
  });

  it.each<[form: string, body: string | Buffer]>([
    ["no length", "abc"],
    ["a length that is too long", "99:4a"],
    ["no type", "1:x"],
    ["binary without an end of the length", Buffer.from([0, 1, 2, 3])],
  ])("sio quirks (V): %s is a parse error", async (_form, body) => {
    const stage = await open();
    const { socket, query } = await poll(stage, POLLING);
    const closed = nextEvent(socket.conn, "close");
    await post(stage, query, body);

    expect((await closed)[0]).toBe("parse error");
    await until(() => stage.io.engine.clientsCount === 0, "the session is gone");
  });

  it("sio quirks (V): a packet with another length before it is taken as it says", async () => {
    const stage = await open();
    const { socket, query } = await poll(stage, POLLING);
    // The message ":0", which is none of Socket.IO's.
    await post(stage, query, "3:4:0");

    await until(() => socket.conn.readyState !== "open", "the connection is being closed");
    expect(socket.conn.readyState).toMatch(/^clos(ing|ed)$/);
  });

  for (const [form, body] of [
    ["1e1:4aaaaaaaaa", "1e1:4aaaaaaaaa"],
    ["0:", "0:"],
    ["the bytes 0,9,9,9,255,52", Buffer.from([0, 9, 9, 9, 255, 52])],
    ["the bytes 2,1,255,52", Buffer.from([2, 1, 255, 52])],
    ["the bytes 1,0,255", Buffer.from([1, 0, 255])],
  ] as const) {
    itIsBetterHere(`sio quirks (V): ${form} is a parse error`, async () => {
      const stage = await open();
      const { socket, query } = await poll(stage, POLLING);
      const closed = nextEvent(socket.conn, "close");
      await post(stage, query, body);

      expect((await closed)[0]).toBe("parse error");
    });
  }
});
