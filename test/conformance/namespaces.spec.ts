import type { Socket } from "../support/peer.js";
import { PollingSession } from "../support/raw-http.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent } from "../support/waiting.js";

const open = useStages();

/** A WebSocket past the engine's handshake. */
async function connected(stage: Stage): Promise<RawWebSocket> {
  const client = await RawWebSocket.open(stage);
  await client.next();
  return client;
}

describe("CONNECT", () => {
  it("is answered with the socket's id", async () => {
    const stage = await open();
    const joined = nextEvent(stage.io, "connection");
    const client = await connected(stage);
    client.send("40");
    const answer = await client.next();
    const [socket] = (await joined) as [Socket];

    expect(answer).toBe(`40{"sid":"${socket.id}"}`);
  });

  it("is answered over polling too", async () => {
    const stage = await open();
    const session = await PollingSession.open(stage);
    expect((await session.post("40")).body).toBe("ok");

    expect((await session.poll()).body).toMatch(/^40\{"sid":"[\w-]{20}"\}$/);
  });

  it("brings auth", async () => {
    const stage = await open();
    const joined = nextEvent(stage.io, "connection");
    const client = await connected(stage);
    client.send('40{"token":"123"}');
    const [socket] = (await joined) as [Socket];

    expect(socket.handshake.auth).toEqual({ token: "123" });
  });

  it("names any namespace but the main one", async () => {
    const stage = await open();
    const joined = nextEvent(stage.io.of("/admin"), "connection");
    const client = await connected(stage);
    client.send('40/admin,{"token":"123"}');
    const answer = await client.next();
    const [socket] = (await joined) as [Socket];

    expect(answer).toBe(`40/admin,{"sid":"${socket.id}"}`);
    expect(socket.handshake.auth).toEqual({ token: "123" });
  });

  it.each(["40/admin", "40/admin,"])("may be written %j", async (frame) => {
    const stage = await open();
    stage.io.of("/admin");
    const client = await connected(stage);
    client.send(frame);

    expect(await client.next()).toMatch(/^40\/admin,\{"sid":"[\w-]{20}"\}$/);
  });

  it("joins several namespaces on one connection", async () => {
    const stage = await open();
    for (const name of ["/a", "/b"]) stage.io.of(name);
    const client = await connected(stage);
    client.send("40/a,");
    expect(await client.next()).toMatch(/^40\/a,/);
    client.send("40/b,");
    expect(await client.next()).toMatch(/^40\/b,/);
    client.send("40");
    expect(await client.next()).toMatch(/^40\{/);
  });

  it("is refused for a namespace that does not exist, and the connection goes on", async () => {
    const stage = await open();
    const client = await connected(stage);
    client.send("40/nowhere,");
    expect(await client.next()).toBe('44/nowhere,{"message":"Invalid namespace"}');
    client.send("40");

    expect(await client.next()).toMatch(/^40\{"sid"/);
  });

  it("is refused by a middleware with its message and data", async () => {
    const stage = await open();
    stage.io.use((socket, next) => {
      const { data } = socket.handshake.auth as { data?: unknown };
      next(Object.assign(new Error("no entry"), data === undefined ? {} : { data }));
    });
    const client = await connected(stage);
    client.send("40");
    expect(await client.next()).toBe('44{"message":"no entry"}');
    client.send('40{"data":{"code":7}}');

    expect(await client.next()).toBe('44{"message":"no entry","data":{"code":7}}');
  });

  it("must come before the connect timeout", async () => {
    const client = await connected(await open({ connectTimeout: 30 }));

    expect(await client.closeCode()).toBe(1005);
  });

  it("that came keeps the connection beyond the connect timeout", async () => {
    const stage = await open({ connectTimeout: 60 });
    const client = await connected(stage);
    client.send("40");
    await client.next();
    // Opened later, closed by the same timeout.
    const idle = await connected(stage);
    await idle.closeCode();
    client.send('421["q"]');
    for (const socket of stage.io.of("/").sockets.values()) expect(socket.connected).toBe(true);
    expect(stage.io.of("/").sockets.size).toBe(1);
  });

  it("to a namespace joined already closes the connection", async () => {
    const stage = await open();
    const client = await RawWebSocket.join(stage);
    client.send("40");

    expect(await client.closeCode()).toBe(1005);
  });
});

describe("DISCONNECT", () => {
  it("from the client leaves the namespace and not the connection", async () => {
    const stage = await open();
    const joined = nextEvent(stage.io, "connection");
    const client = await RawWebSocket.join(stage);
    const [socket] = (await joined) as [Socket];
    const gone = nextEvent(socket, "disconnect");
    client.send("41");
    expect(await gone).toEqual(["client namespace disconnect"]);

    client.send("40");
    expect(await client.next()).toMatch(/^40\{"sid":"[\w-]{20}"\}$/);
  });

  it("from the client leaves the namespace it names", async () => {
    const stage = await open();
    const joined = nextEvent(stage.io.of("/admin"), "connection");
    const client = await RawWebSocket.join(stage);
    client.send("40/admin,");
    const [socket] = (await joined) as [Socket];
    const gone = nextEvent(socket, "disconnect");
    client.send("41/admin,");

    expect(await gone).toEqual(["client namespace disconnect"]);
    expect(stage.io.of("/").sockets.size).toBe(1);
  });

  it("from the server names the namespace", async () => {
    const stage = await open();
    const joined = nextEvent(stage.io.of("/admin"), "connection");
    const client = await RawWebSocket.join(stage);
    client.send("40/admin,");
    await client.next();
    const [socket] = (await joined) as [Socket];
    socket.disconnect();
    expect(await client.next()).toBe("41/admin,");

    for (const main of stage.io.of("/").sockets.values()) main.disconnect();
    expect(await client.next()).toBe("41");
  });

  it("from the server closes the connection when it is told to", async () => {
    const stage = await open();
    const joined = nextEvent(stage.io, "connection");
    const client = await RawWebSocket.join(stage);
    const [socket] = (await joined) as [Socket];
    socket.disconnect(true);

    expect(await client.next()).toBe("41");
    expect(await client.closeCode()).toBe(1005);
  });
});

describe("closing the server", () => {
  it("closes a WebSocket without a word", async () => {
    const stage = await open();
    const client = await RawWebSocket.join(stage);
    await stage.io.close();

    expect(await client.closeCode()).toBe(1005);
    expect(client.untaken).toEqual([]);
  });
});
