import { ManualClock } from "../support/manual-clock.js";
import { MemoryServer, useMemoryServer } from "../support/memory-server.js";
import { nextEvent } from "../support/waiting.js";

const server = useMemoryServer();

describe("connecting", () => {
  it("gives the client the id of its socket", async () => {
    const client = await server().connect();

    expect([...server().io.sockets.sockets.keys()]).toEqual([client.id]);
    expect([client.connected, client.disconnectReason, client.namespace]).toEqual([true, undefined, "/"]);
  });

  it("brings auth, headers and query to the handshake", async () => {
    const connected = nextEvent(server().io.of("/chat"), "connection");
    await server().connect("/chat", {
      auth: { token: "a" },
      headers: { "X-Tenant": "blue", cookie: "id=1" },
      query: { room: "a & b" },
    });

    const [socket] = (await connected) as [{ handshake: object }];

    expect(socket.handshake).toMatchObject({
      auth: { token: "a" },
      headers: { "x-tenant": "blue", cookie: "id=1" },
      query: { room: "a & b", EIO: "4", transport: "memory" },
    });
  });

  it("rejects with message, code and data of a refusal", async () => {
    server().io.use((_socket, next) => {
      next(Object.assign(new Error("not today"), { data: { code: "CLOSED", until: "monday" } }));
    });

    await expect(server().connect()).rejects.toMatchObject({
      name: "ConnectError",
      namespace: "/",
      message: "not today",
      code: "CLOSED",
      data: { code: "CLOSED", until: "monday" },
    });
    await server().activity.settled();
    expect(server().io.engine.clientsCount).toBe(0);
  });

  it("rejects without a code where the server gives none", async () => {
    await expect(server().connect("/nowhere")).rejects.toMatchObject({
      message: "Invalid namespace",
      code: undefined,
      stack: expect.stringContaining("ConnectError: /nowhere refused the connection: Invalid namespace"),
    });
  });

  it("rejects when the server closes the connection without an answer", async () => {
    server().io.use((socket) => {
      socket.conn.close();
    });

    await expect(server().connect()).rejects.toMatchObject({
      code: "TESTING_DISCONNECTED",
      message: "the client was disconnected (transport close) before / let it in",
    });
  });

  it("rejects with the encoder's error for auth that cannot be encoded, and leaves no connection", async () => {
    const auth: Record<string, unknown> = {};
    auth.self = auth;

    await expect(server().connect("/", { auth })).rejects.toThrow(/circular/);
    await server().activity.settled();
    expect(server().io.engine.clientsCount).toBe(0);
  });

  it("rejects with the engine's error when no connection can be opened", async () => {
    server().io.engine.generateId = () => "";

    await expect(server().connect()).rejects.toMatchObject({ code: "ENGINE_DUPLICATE_ID" });
  });
});

describe("a client's events", () => {
  it("arrive in order, with all their arguments", async () => {
    const heard: unknown[][] = [];
    server().io.on("connection", (socket) => {
      socket.onAny((...event: unknown[]) => heard.push(event));
    });
    const client = await server().connect();

    client
      .emit("one")
      .emit("two", 1, null, { deep: [true] })
      .emit("three", Buffer.from([1]), new Uint16Array([1, 2]));
    await server().activity.settled();

    expect(heard).toEqual([
      ["one"],
      ["two", 1, null, { deep: [true] }],
      ["three", Buffer.from([1]), Buffer.from([1, 0, 2, 0])],
    ]);
  });

  it("do not arrive inside emit", async () => {
    const heard = jest.fn();
    server().io.on("connection", (socket) => {
      socket.on("say", heard);
    });
    const client = await server().connect();

    client.emit("say", "hi");
    expect(heard).not.toHaveBeenCalled();

    await server().activity.settled();
    expect(heard).toHaveBeenCalledWith("hi");
  });

  it("are refused under names of the protocol", async () => {
    const client = await server().connect();

    expect(() => client.emit("disconnect")).toThrow('"disconnect" is a reserved event name: no client can send it');
    await expect(client.emitWithAck("connect")).rejects.toMatchObject({ code: "TESTING_RESERVED_EVENT" });
  });

  it("are refused once the client is disconnected", async () => {
    const client = await server().connect();
    await client.disconnect();

    expect(() => client.emit("say")).toThrow('the client was disconnected (io client disconnect) before it sent "say"');
    await expect(client.emitWithAck("say")).rejects.toMatchObject({ code: "TESTING_DISCONNECTED" });
  });
});

describe("an acknowledgement by the server", () => {
  beforeEach(() => {
    server().io.on("connection", (socket) => {
      socket.on("echo", (...args) => (args.pop() as (...reply: unknown[]) => void)(...args));
      socket.on("ignore", () => undefined);
      socket.on("kick", () => socket.disconnect());
    });
  });

  it("resolves emitWithAck with its first argument", async () => {
    const client = await server().connect();

    expect(await client.emitWithAck("echo", { id: 1 }, "more")).toEqual({ id: 1 });
    expect(await client.emitWithAck("echo")).toBeUndefined();
  });

  it("may be binary", async () => {
    const client = await server().connect();

    expect(await client.emitWithAck("echo", { bytes: Buffer.from([1, 2]) })).toEqual({ bytes: Buffer.from([1, 2]) });
  });

  it("finds its event when several wait", async () => {
    const client = await server().connect();

    expect(await Promise.all([1, 2, 3].map((value) => client.emitWithAck("echo", value)))).toEqual([1, 2, 3]);
  });

  it("rejects emitWithAck when it is an error", async () => {
    const client = await server().connect();
    const details = [{ path: "text", constraints: { isString: "text must be a string" } }];
    const reply = client.emitWithAck("echo", { error: { code: "VALIDATION_FAILED", message: "Not valid.", details } });

    await expect(reply).rejects.toMatchObject({
      name: "AckError",
      event: "echo",
      code: "VALIDATION_FAILED",
      message: "Not valid.",
      details,
    });
  });

  it.each([
    ["has no code", { error: { message: "no" } }],
    ["is text", { error: "no" }],
    ["is null", { error: null }],
  ])("is a value when its error %s", async (_what, value) => {
    const client = await server().connect();

    expect(await client.emitWithAck("echo", value)).toEqual(value);
  });

  it("comes to a callback as it is", async () => {
    const client = await server().connect();
    const reply = jest.fn();

    client.emit("echo", { error: { code: "X" } }, 2, reply);
    await server().activity.settled();

    expect(reply.mock.calls).toEqual([[{ error: { code: "X" } }, 2]]);
  });

  it("rejects emitWithAck when the client is disconnected before, and calls no callback", async () => {
    const client = await server().connect();
    const callback = jest.fn();
    client.emit("ignore", callback);
    const reply = client.emitWithAck("ignore");
    client.emit("kick");

    await expect(reply).rejects.toMatchObject({
      code: "TESTING_DISCONNECTED",
      message: 'the client was disconnected (io server disconnect) before "ignore" was answered',
    });
    expect(callback).not.toHaveBeenCalled();
  });
});

describe("the server's events", () => {
  it("reach listeners with all their arguments, binary ones too", async () => {
    const client = await server().connect();
    const heard: unknown[][] = [];
    client.on("news", (...args: unknown[]) => heard.push(args));

    server().io.emit("news", 1, { bytes: Buffer.from([1, 2]) });
    await server().activity.settled();

    expect(heard).toEqual([[1, { bytes: Buffer.from([1, 2]) }]]);
  });

  it("reach listeners that are added right after connecting, whenever they were sent", async () => {
    server().io.on("connection", (socket) => socket.emit("welcome", socket.id));
    const client = await server().connect();
    const heard: unknown[] = [];
    client.on("welcome", (id: string) => heard.push(id));

    await server().activity.settled();

    expect(heard).toEqual([client.id]);
  });

  it("reach a listener of once once, and a removed one never", async () => {
    const client = await server().connect();
    const [once, removed, allRemoved] = [jest.fn(), jest.fn(), jest.fn()];
    client.once("news", once).on("news", removed).off("news", removed).on("other", allRemoved).off("other");

    server().io.emit("news", 1);
    server().io.emit("news", 2);
    server().io.emit("other");
    await server().activity.settled();

    expect([once.mock.calls, removed.mock.calls, allRemoved.mock.calls]).toEqual([[[1]], [], []]);
  });

  it('may be called "error"', async () => {
    const client = await server().connect();
    server().io.emit("error", "not mine");

    expect(await client.next("error")).toEqual(["not mine"]);
  });

  it("are taken once by next, whether they have come or are to come", async () => {
    const client = await server().connect();
    server().io.emit("news", 1);
    server().io.emit("other");
    server().io.emit("news", 2);
    await server().activity.settled();

    expect(await client.next("news")).toEqual([1]);
    expect(await client.next("news")).toEqual([2]);
    const next = client.next("news");
    server().io.emit("news", 3);
    expect(await next).toEqual([3]);
  });

  it("go to those who wait in their order", async () => {
    const client = await server().connect();
    const waiting = [client.next("news"), client.next("news")];

    server().io.emit("news", 1);
    server().io.emit("news", 2);

    expect(await Promise.all(waiting)).toEqual([[1], [2]]);
  });

  it("stay in received, taken or not", async () => {
    const client = await server().connect();
    server().io.emit("news", 1, "a");
    server().io.emit("other");
    server().io.emit("news", 2);
    await client.next("news");
    await server().activity.settled();

    expect(client.received("news")).toEqual([[1, "a"], [2]]);
    expect(client.received("nothing")).toEqual([]);
    expect(client.inbox).toEqual([
      { event: "news", args: [1, "a"], isTaken: true },
      { event: "other", args: [], isTaken: false },
      { event: "news", args: [2], isTaken: false },
    ]);
  });

  it("are given up by next when the client is disconnected", async () => {
    const client = await server().connect();
    const next = client.next("news");
    server().io.disconnectSockets();

    await expect(next).rejects.toMatchObject({
      code: "TESTING_DISCONNECTED",
      message: 'the client was disconnected (io server disconnect) before "news" came',
    });
  });

  it("are there for next also when the client has been disconnected since", async () => {
    const client = await server().connect();
    server().io.emit("news", 1);
    server().io.disconnectSockets();
    await server().activity.settled();

    expect(await client.next("news")).toEqual([1]);
  });
});

describe("an acknowledgement by the client", () => {
  it("answers what the server asks", async () => {
    const client = await server().connect();
    client.on("question", (value: number, reply: (answer: number, bytes: Buffer) => void) => {
      reply(value + 1, Buffer.from([1]));
    });
    const [socket] = [...server().io.sockets.sockets.values()];
    const answer = new Promise((resolve) => {
      socket?.emit("question", 1, (...args: unknown[]) => {
        resolve(args);
      });
    });

    expect(await answer).toEqual([2, Buffer.from([1])]);
  });

  it("is sent once, and not at all by a client that has gone", async () => {
    const client = await server().connect();
    const replies: ((answer: string) => void)[] = [];
    client.on("question", (reply: (answer: string) => void) => replies.push(reply));
    const answered = jest.fn();
    const [socket] = [...server().io.sockets.sockets.values()];
    socket?.emit("question", answered);
    socket?.emit("question", answered);
    await server().activity.settled();

    replies[0]?.("first");
    replies[0]?.("second");
    await client.disconnect();
    replies[1]?.("late");
    await server().activity.settled();

    expect(answered.mock.calls).toEqual([["first"]]);
  });

  it("is not among the arguments that next and received give", async () => {
    const client = await server().connect();
    const [socket] = [...server().io.sockets.sockets.values()];
    socket?.emit("question", 1, () => undefined);

    expect(await client.next("question")).toEqual([1]);
    expect(client.received("question")).toEqual([[1]]);
  });
});

describe("disconnecting", () => {
  it("by the client is known to the server when disconnect resolves", async () => {
    const reasons: unknown[] = [];
    server().io.on("connection", (socket) => {
      socket.on("disconnect", (reason) => reasons.push(reason));
    });
    const client = await server().connect();
    const heard = jest.fn();
    client.on("disconnect", heard);
    await server().activity.settled();

    await client.disconnect();

    expect(reasons).toEqual(["client namespace disconnect"]);
    expect([client.connected, client.disconnectReason]).toEqual([false, "io client disconnect"]);
    expect(heard.mock.calls).toEqual([["io client disconnect"]]);
    expect(server().io.engine.clientsCount).toBe(0);
  });

  it("by the client a second time changes nothing", async () => {
    const client = await server().connect();
    await client.disconnect();
    await client.disconnect();

    expect(client.disconnectReason).toBe("io client disconnect");
  });

  it("sends first what was emitted before", async () => {
    const heard = jest.fn();
    server().io.on("connection", (socket) => {
      socket.on("last words", heard);
    });
    const client = await server().connect();
    client.emit("last words");

    await client.disconnect();

    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("by the server's socket ends the connection", async () => {
    const client = await server().connect();
    server().io.disconnectSockets();
    await server().activity.settled();

    expect(client.disconnectReason).toBe("io server disconnect");
    expect(server().io.engine.clientsCount).toBe(0);
  });

  it("by the server's end is a closed transport", async () => {
    const client = await server().connect();
    await server().io.close();
    await server().activity.settled();

    expect([client.connected, client.disconnectReason]).toEqual([false, "transport close"]);
  });
});

describe("a connection", () => {
  it("answers pings, so that the server keeps it", async () => {
    const clock = new ManualClock();
    const other = new MemoryServer({ clock });
    const client = await other.connect();
    for (let beat = 0; beat < 5; beat += 1) {
      clock.advance(25_000);
      await other.activity.settled();
    }

    expect(client.connected).toBe(true);
    await other.close();
  });

  it("carries clients of several namespaces, and ends with the last of them", async () => {
    server().io.of("/chat");
    const main = await server().connect("/");
    const chat = await main.connect("/chat");
    server().io.of("/chat").emit("news", "chat");
    server().io.emit("news", "main");

    expect([await main.next("news"), await chat.next("news")]).toEqual([["main"], ["chat"]]);
    await main.disconnect();
    expect([chat.connected, server().io.engine.clientsCount]).toEqual([true, 1]);
    await chat.disconnect();
    expect(server().io.engine.clientsCount).toBe(0);
  });
});
