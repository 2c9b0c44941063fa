import { silentLogger } from "rookery/core";
import { itIsBetterHere } from "../support/better-here.js";
import { connect, departure, join, joinOn } from "../support/joining.js";
import type { Socket } from "../support/peer.js";
import { joinServerOf, SERVER_KINDS } from "../support/server-kinds.js";
import { useStages } from "../support/stage.js";
import { nextEvent, until } from "../support/waiting.js";

const open = useStages();
const openSilent = () => open({ logger: silentLogger });

describe("io.of", () => {
  it("io.of(name): adds the leading slash and tells of each name once, but not of /", async () => {
    const { io } = await open();
    const told: string[] = [];
    io.on("new_namespace", ({ name }) => told.push(name));

    expect(io.of("chat").name).toBe("/chat");
    expect(io.of("/chat")).toBe(io.of("chat"));
    expect(io.of("/")).toBe(io.sockets);
    expect(told).toEqual(["/chat"]);
  });

  it("Dynamic: children have the middlewares and listeners that the parent had when they were made", async () => {
    const stage = await open();
    const heard: string[] = [];
    const parent = stage.io.of(/^\/room-\d+$/);
    parent.use((socket, next) => {
      heard.push(`middleware ${socket.nsp.name}`);
      next();
    });
    parent.on("connection", (socket) => heard.push(`connection ${socket.nsp.name}`));
    await join(stage, "/room-1");
    parent.on("connection", () => heard.push("too late for room-1"));
    await join(stage, "/room-1");

    expect(parent.name).toMatch(/^\/_\d+$/);
    expect(heard).toEqual(["middleware /room-1", "connection /room-1", "middleware /room-1", "connection /room-1"]);
  });

  it("Dynamic: a function decides by name and auth", async () => {
    const stage = await open();
    stage.io.of((name, auth, next) => {
      next(null, name === "/vip" && auth.key === 1);
    });
    const stranger = await connect(stage);
    stranger.send('40/vip,{"key":2}');

    expect(await stranger.next()).toBe('44/vip,{"message":"Invalid namespace"}');
    expect((await join(stage, "/vip", '{"key":1}')).socket.nsp.name).toBe("/vip");
  });

  it("Dynamic: the parent emits to all children and cannot fetch their sockets", async () => {
    const stage = await open();
    const parent = stage.io.of(/^\/room-/);
    const one = await join(stage, "/room-1");
    const two = await join(stage, "/room-2");
    await two.socket.join("r");
    parent.to("r").emit("some");
    parent.emit("all");

    expect(await one.client.next()).toBe('42/room-1,["all"]');
    expect(await two.client.take(2)).toEqual(['42/room-2,["some"]', '42/room-2,["all"]']);
    await expect(async () => parent.fetchSockets()).rejects.toThrow(
      "fetchSockets() is not supported on parent namespaces",
    );
  });

  it("Dynamic: a name asked for by hand becomes a child of the pattern that it matches", async () => {
    const stage = await open();
    const parent = stage.io.of(/^\/dynamic-/);
    const made = stage.io.of("/dynamic-x");
    const { client } = await join(stage, "/dynamic-x");
    parent.emit("all");

    expect(await client.next()).toBe('42/dynamic-x,["all"]');
    expect(made.sockets.size).toBe(1);
  });

  it.each([/^\/x/g, /^\/x/y])("Dynamic: the stateful pattern %s is refused", async (pattern) => {
    const { io } = await open();

    expect(() => io.of(pattern)).toThrow("stateful regular expressions are not supported");
  });

  it("Precedence: parents are asked in the order of their registration, one after another", async () => {
    const stage = await open();
    const asked: string[] = [];
    stage.io.of((_name, _auth, next) => {
      setImmediate(() => {
        asked.push("first says no");
        next(null, false);
      });
    });
    stage.io.of((_name, _auth, next) => {
      asked.push("second says yes");
      next(null, true);
    });
    stage.io.of((_name, _auth, next) => {
      asked.push("third");
      next(null, true);
    });
    await join(stage, "/x");

    expect(asked).toEqual(["first says no", "second says yes"]);
  });

  it.each<[cleanup: boolean, kept: boolean]>([
    [true, false],
    [false, true],
  ])("Remove a namespace: with cleanupEmptyChildNamespaces %s an empty child stays: %s", async (cleanup, kept) => {
    const stage = await open({ cleanupEmptyChildNamespaces: cleanup });
    stage.io.of(/^\/room-/);
    const { client, socket } = await join(stage, "/room-1");
    const gone = departure(socket);
    client.send("41/room-1,");
    await gone;

    expect(stage.io._nsps.has("/room-1")).toBe(kept);
  });

  it("io.sockets: is the namespace / and has the listeners of the server", async () => {
    const { io } = await open();
    const listener = (): void => undefined;
    io.on("connection", listener);

    expect(io.sockets).toBe(io.of("/"));
    expect(io.sockets.listeners("connection")).toEqual([listener]);
    expect(io.listenerCount("connection")).toBe(1);
  });
});

describe("CONNECT", () => {
  it("CONNECT packet: 40{auth} is answered with the socket's id", async () => {
    const stage = await open();
    const { socket } = await join(stage, "/", '{"token":"t"}');

    expect(socket.id).toMatch(/^[\w-]{20}$/);
    expect(socket.handshake.auth).toEqual({ token: "t" });
  });

  it("`connect` then `connection` emitted: both, in this order, with the same socket", async () => {
    const stage = await open();
    const heard: unknown[] = [];
    for (const event of ["connection", "connect"] as const) {
      stage.io.on(event, (socket: Socket) => heard.push(event, socket.id));
    }
    const { socket } = await join(stage);

    expect(heard).toEqual(["connect", socket.id, "connection", socket.id]);
  });

  it("Unknown namespace: is named in the refusal", async () => {
    const client = await connect(await open());
    client.send("40/x,");

    expect(await client.next()).toBe('44/x,{"message":"Invalid namespace"}');
  });

  it.each(["40[]", '40"s"', "40true"])("Auth payload: %s is no object and ends the connection", async (packet) => {
    const client = await connect(await openSilent());
    client.send(packet);

    expect(await client.closeCode()).toBe(1005);
  });

  it("Auth payload: 401 is a CONNECT with a packet id", async () => {
    const client = await connect(await open());
    client.send("401");

    expect(await client.next()).toMatch(/^40\{"sid":/);
  });

  it("socket.handshake: tells of the first request", async () => {
    const { socket } = await join(await open());
    const { headers, time, address, xdomain, secure, issued, url, query, auth } = socket.handshake;

    expect(headers.upgrade).toBe("websocket");
    expect(new Date(time).getTime()).toBe(Math.trunc(issued / 1_000) * 1_000);
    expect({ address, xdomain, secure, url, auth }).toEqual({
      address: "127.0.0.1",
      xdomain: false,
      secure: false,
      url: "/socket.io/?EIO=4&transport=websocket",
      auth: {},
    });
    expect(query).toMatchObject({ EIO: "4", transport: "websocket" });
    expect(socket.request.url).toBe(url);
  });

  const forgetful = SERVER_KINDS.filter(({ transport, isSecure }) => isSecure && transport === "polling by HTTP/2");

  for (const kind of forgetful) {
    itIsBetterHere("socket.handshake: by polling by HTTP/2 secure is true", async () => {
      const { socket, close } = await joinServerOf(kind);
      const { secure } = socket.handshake;
      await close();

      expect(secure).toBe(true);
    });
  }

  it.each(SERVER_KINDS)("socket.handshake: by $transport of $name tells of the first request", async (kind) => {
    const { socket, close } = await joinServerOf(kind);
    const { secure, address, xdomain, url, query } = socket.handshake;

    if (!forgetful.includes(kind)) expect(secure).toBe(kind.isSecure);
    expect({ address, xdomain }).toEqual({ address: "127.0.0.1", xdomain: false });
    expect(url).toMatch(/^\/socket\.io\/\?.*EIO=4/);
    expect(query).toMatchObject({ EIO: "4", transport: kind.transport === "websocket" ? "websocket" : "polling" });
    await close();
  });

  it("Second CONNECT to joined namespace: ends the connection", async () => {
    const { client, socket } = await join(await openSilent());
    const gone = departure(socket);
    client.send("40");

    expect((await gone)[0]).toBe("forced close");
    expect(await client.closeCode()).toBe(1005);
  });

  itIsBetterHere(
    "Second CONNECT to joined namespace: while the first is processed makes no second socket",
    async () => {
      const stage = await openSilent();
      const admitted: (() => void)[] = [];
      stage.io.use((_socket, next) => {
        admitted.push(next);
      });
      const client = await connect(stage);
      client.send("40", "40", "40");
      await until(() => admitted.length > 0, "the first has come");
      await client.closeCode();

      expect(admitted).toHaveLength(1);
    },
  );

  it("Events before CONNECT reply: end the connection, and nobody hears of it", async () => {
    const stage = await openSilent();
    let heard = 0;
    stage.io.on("connection", () => (heard += 1));
    stage.io.use((_socket, next) => {
      setImmediate(next);
    });
    const client = await connect(stage);
    client.send("40", '42["early"]');

    expect(await client.closeCode()).toBe(1005);
    expect(heard).toBe(0);
  });

  it("Event for a namespace never joined: ends the whole connection with forced close", async () => {
    const stage = await openSilent();
    stage.io.of("/x");
    const { client, socket } = await join(stage);
    const gone = departure(socket);
    client.send('42/x,["say"]');

    expect((await gone)[0]).toBe("forced close");
    expect(await client.closeCode()).toBe(1005);
  });

  it("Reconnect within same transport: after 41 a new 40 makes a new socket", async () => {
    const stage = await open();
    const { client, socket } = await join(stage);
    const gone = departure(socket);
    client.send("41");
    await gone;
    const again = await joinOn(stage, client);

    expect(again.socket.id).not.toBe(socket.id);
    expect(again.socket.conn).toBe(socket.conn);
  });

  it("connect then connection emitted: both, in this order", async () => {
    const stage = await open();
    const heard: string[] = [];
    stage.io.on("connection", () => heard.push("connection"));
    stage.io.on("connect", () => heard.push("connect"));
    const connected = nextEvent(stage.io, "connection");
    await join(stage);
    const [socket] = (await connected) as [Socket];

    expect(heard).toEqual(["connect", "connection"]);
    expect(socket.connected).toBe(true);
  });
});
