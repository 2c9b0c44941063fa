import { setImmediate as nextTurn } from "node:timers/promises";
import type { ConnectionLoss, TestClient } from "rookery/testing";
import { useMemoryServer } from "../support/memory-server.js";

describe("the transport of a connection", () => {
  const server = useMemoryServer();

  it.each(["websocket", "polling"] as const)("is called %s when the client asks for it", async (transport) => {
    const client = await server().connect("/", { transport });
    const socket = server().io.sockets.sockets.get(client.id);

    expect(socket?.conn.transport.name).toBe(transport);
    expect(socket?.handshake.query).toMatchObject({ transport, EIO: "4" });
    server().io.emit("news", Buffer.from([1]));
    expect(await client.next("news")).toEqual([Buffer.from([1])]);
  });
});

describe("a connection by polling", () => {
  const server = useMemoryServer();

  it("takes one lot of packets at a time, in order, and what is volatile only when it can", async () => {
    const client = await server().connect("/", { transport: "polling" });
    await server().activity.settled();
    const { io, activity } = server();
    io.volatile.emit("typing", 1);
    io.volatile.emit("typing", 2);
    for (const count of [1, 2, 3]) io.emit("news", count);
    await activity.settled();
    io.volatile.emit("typing", 3);
    await activity.settled();

    expect(client.received("typing")).toEqual([[1], [3]]);
    expect(client.received("news")).toEqual([[1], [2], [3]]);
  });

  it("ends as any other", async () => {
    const client = await server().connect("/", { transport: "polling" });
    server().io.emit("last");
    server().io.disconnectSockets(true);
    await server().activity.settled();

    expect(client.received("last")).toEqual([[]]);
    expect([client.connected, server().io.engine.clientsCount]).toEqual([false, 0]);
  });
});

describe("a client that leaves", () => {
  const server = useMemoryServer();

  it.each([
    ["client namespace disconnect", "io client disconnect"],
    ["transport close", "transport close"],
    ["transport error", "transport error"],
    ["parse error", "transport close"],
    ["ping timeout", "ping timeout"],
  ] as const)("by a %s is gone on both sides", async (reason, ownReason) => {
    const seen = jest.fn();
    server().io.on("connection", (socket) => {
      socket.on("disconnect", (why) => {
        seen(why);
      });
    });
    const client = await server().connect();
    const heard = jest.fn();
    client.on("disconnect", heard);
    await nextTurn();
    client.emit("last words");
    await client.disconnect(reason);

    expect(seen.mock.calls).toEqual([[reason]]);
    expect([client.connected, client.disconnectReason]).toEqual([false, ownReason]);
    expect(heard.mock.calls).toEqual([[ownReason]]);
    expect(server().io.engine.clientsCount).toBe(0);
  });

  it.each<ConnectionLoss>(["transport close", "transport error", "parse error", "ping timeout"])(
    "by a %s takes the other clients of its connection with it",
    async (reason) => {
      server().io.of("/chat");
      const main = await server().connect();
      const chat = await main.connect("/chat");
      await main.disconnect(reason);

      expect(chat.connected).toBe(false);
    },
  );

  it("by a ping timeout hears nothing any more, while the others answer their heartbeats", async () => {
    const io = server().io;
    const [ann, bob] = [await server().connect(), await server().connect()];
    const disconnected = ann.disconnect("ping timeout");
    io.emit("news");
    ann.emit("unheard");
    const heard = jest.fn();
    for (const socket of io.sockets.sockets.values()) socket.on("unheard", heard);
    await disconnected;

    expect([ann.received("news"), bob.received("news")]).toEqual([[], [[]]]);
    expect([ann.connected, bob.connected, io.engine.clientsCount]).toEqual([false, true, 1]);
    expect(heard).not.toHaveBeenCalled();
  });

  it("for good stays away, whatever it does after", async () => {
    const client = await server().connect();
    await client.disconnect();
    await client.disconnect("transport close");

    expect(client.disconnectReason).toBe("io client disconnect");
  });
});

describe("reconnecting", () => {
  const server = useMemoryServer();

  it("gives the client a new socket, with the auth of before and all that it has received", async () => {
    const auths: unknown[] = [];
    server().io.on("connection", (socket) => {
      auths.push(socket.handshake.auth);
      socket.emit("welcome", auths.length);
    });
    const client = await server().connect("/", { auth: { token: "a" }, query: { page: "1" } });
    const before = client.id;
    const heard: unknown[] = [];
    client.on("welcome", (count: number) => heard.push(count));
    await client.disconnect("transport close");
    await client.reconnect();
    await client.reconnect({ auth: { token: "b" } });
    await server().activity.settled();

    expect(client.id).not.toBe(before);
    expect([client.connected, client.disconnectReason, client.recovered]).toEqual([true, undefined, false]);
    expect(auths).toEqual([{ token: "a" }, { token: "a" }, { token: "b" }]);
    expect([heard, client.received("welcome")]).toEqual([
      [1, 2, 3],
      [[1], [2], [3]],
    ]);
    expect([...server().io.sockets.sockets.values()].map(({ handshake }) => handshake.query.page)).toEqual(["1"]);
  });

  it("drops the connection of a client that is still there", async () => {
    const reasons: unknown[] = [];
    server().io.on("connection", (socket) => socket.on("disconnect", (reason) => reasons.push(reason)));
    const client = await server().connect();
    await client.reconnect();

    expect(reasons).toEqual(["transport close"]);
    expect(server().io.engine.clientsCount).toBe(1);
  });

  it("brings the clients of one connection together on one again", async () => {
    server().io.of("/chat");
    const main = await server().connect();
    const chat = await main.connect("/chat");
    await main.disconnect("transport close");
    await Promise.all([main.reconnect(), chat.reconnect()]);

    expect([main.connected, chat.connected, server().io.engine.clientsCount]).toEqual([true, true, 1]);
  });

  it("may be refused, and tried again", async () => {
    const client = await server().connect();
    let isOpen = false;
    server().io.use((_socket, next) => {
      next(isOpen ? undefined : Object.assign(new Error("not now"), { data: { code: "CLOSED" } }));
    });
    await expect(client.reconnect()).rejects.toMatchObject({ code: "CLOSED" });
    expect(client.connected).toBe(false);
    isOpen = true;
    await client.reconnect();

    expect(client.connected).toBe(true);
  });

  it("leaves what was asked before without an answer", async () => {
    server().io.on("connection", (socket) => socket.on("ask", () => undefined));
    const client = await server().connect();
    const reply = client.emitWithAck("ask");
    await Promise.all([expect(reply).rejects.toMatchObject({ code: "TESTING_DISCONNECTED" }), client.reconnect()]);

    expect(client.connected).toBe(true);
  });
});

describe("connection state recovery", () => {
  const server = useMemoryServer({ connectionStateRecovery: {} });

  async function lostClient(reason: ConnectionLoss): Promise<TestClient> {
    server().io.on("connection", (socket) => {
      if (socket.recovered) return;
      socket.data = { user: "ann" };
      void socket.join("lobby");
      socket.emit("welcome");
    });
    const client = await server().connect();
    await client.next("welcome");
    await client.disconnect(reason);
    server().io.to("lobby").emit("missed", 1);
    server().io.to("cellar").emit("missed", 2);
    return client;
  }

  it.each<ConnectionLoss>(["transport close", "transport error", "ping timeout"])(
    "gives a client back what it had after a %s, and what it has missed",
    async (reason) => {
      const client = await lostClient(reason);
      const { id } = client;
      await client.reconnect();
      await server().activity.settled();
      server().io.to("lobby").emit("missed", 3);
      await server().activity.settled();

      expect([client.id, client.recovered]).toEqual([id, true]);
      expect(client.received("missed").map(([value]: unknown[]) => value)).toEqual([1, 3]);
      expect(server().io.sockets.sockets.get(id)?.data).toEqual({ user: "ann" });
    },
  );

  it("works more than once", async () => {
    const client = await lostClient("transport close");
    await client.reconnect();
    await client.disconnect("transport close");
    server().io.to("lobby").emit("missed", 3);
    await client.reconnect();
    await server().activity.settled();

    expect(client.recovered).toBe(true);
    expect(client.received("missed").map(([value]: unknown[]) => value)).toEqual([1, 3]);
  });

  it("does not bring back a client that has left of its own will", async () => {
    const client = await lostClient("transport close");
    await client.reconnect();
    const { id } = client;
    await client.disconnect();
    await client.reconnect();

    expect(client.recovered).toBe(false);
    expect(client.id).not.toBe(id);
  });
});

describe("several clients on one connection", () => {
  const server = useMemoryServer();

  it("have sockets of their own, each with its auth", async () => {
    server().io.of("/chat");
    const main = await server().connect("/", { auth: { token: "a" } });
    const chat = await main.connect("chat", { auth: { token: "b" } });
    const [socket] = [...server().io.of("/chat").sockets.values()];

    expect(chat.namespace).toBe("/chat");
    expect(socket?.handshake.auth).toEqual({ token: "b" });
    expect(socket?.conn).toBe(server().io.sockets.sockets.get(main.id)?.conn);
  });

  it("cannot be in one namespace twice", async () => {
    const main = await server().connect();

    await expect(main.connect("/")).rejects.toMatchObject({
      code: "TESTING_ALREADY_CONNECTED",
      message: "a client of this connection is in / already",
    });
    expect(main.connected).toBe(true);
  });

  it("keep the connection when one is refused", async () => {
    const main = await server().connect();
    await expect(main.connect("/nowhere")).rejects.toMatchObject({ message: "Invalid namespace" });
    server().io.emit("news");

    expect(await main.next("news")).toEqual([]);
  });

  it("open a new one when all have left", async () => {
    server().io.of("/chat");
    const main = await server().connect();
    await main.disconnect();
    const chat = await main.connect("/chat");

    expect([chat.connected, server().io.engine.clientsCount]).toEqual([true, 1]);
  });
});
