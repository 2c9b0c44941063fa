import { connectionClosed, describeEveryClient, itIf, upgraded, type ClientSocket } from "../support/clients.js";
import type { Socket } from "../support/peer.js";
import { nextEvent } from "../support/waiting.js";

describeEveryClient("connecting", (rig) => {
  it("gives both ends the same id and the socket a room of its own", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();

    expect(client.id).toBe(socket.id);
    expect(socket.id).toMatch(/^[\w-]{20}$/);
    expect(client.connected).toBe(true);
    expect(socket.connected).toBe(true);
    expect(socket.disconnected).toBe(false);
    expect([...socket.rooms]).toEqual([socket.id]);
    expect(stage.io.of("/").sockets.get(socket.id)).toBe(socket);
  });

  it("uses the transports that the client asked for", async () => {
    const stage = await rig.open();
    const pair = await stage.pair();
    const first = pair.socket.handshake.query.transport;
    if (rig.plan === "upgrade") await upgraded(pair);

    expect(first).toBe(rig.plan === "websocket" ? "websocket" : "polling");
    expect(pair.socket.conn.transport.name).toBe(rig.plan === "polling" ? "polling" : "websocket");
  });

  itIf(!rig.isOld)("keeps the engine's id apart from the id that others see", async () => {
    const stage = await rig.open();
    const { socket } = await stage.pair();

    expect(socket.conn.id).toMatch(/^[\w-]{20}$/);
    expect(socket.conn.id).not.toBe(socket.id);
  });

  it("fires connect and then connection, with the socket already joined", async () => {
    const stage = await rig.open();
    const fired: [string, string, boolean][] = [];
    for (const event of ["connection", "connect"] as const) {
      stage.io.on(event, (socket: Socket) => fired.push([event, socket.id, socket.connected]));
    }
    const { socket } = await stage.pair();

    expect(fired).toEqual([
      ["connect", socket.id, true],
      ["connection", socket.id, true],
    ]);
  });

  it("delivers what the connection listener emits, after the client's connect", async () => {
    const stage = await rig.open();
    stage.io.on("connection", (socket: Socket) => {
      socket.emit("welcome", socket.id);
    });
    const client = stage.client();
    const seen: unknown[] = [];
    client.on("connect", () => seen.push("connect"));
    client.on("welcome", (id: string) => seen.push(id));
    await nextEvent(client, "welcome");

    expect(seen).toEqual(["connect", client.id]);
  });

  it("delivers what the client emitted before it was connected", async () => {
    const stage = await rig.open();
    const received = new Promise((resolve) => {
      stage.io.on("connection", (socket: Socket) => socket.on("early", (...args) => resolve(args)));
    });
    stage.client().emit("early", 1, "two");

    expect(await received).toEqual([1, "two"]);
  });

  it("describes the handshake", async () => {
    const stage = await rig.open();
    const before = Date.now();
    const { socket } = await stage.pair("/", { query: { room: "a b&c" }, extraHeaders: { "x-tenant": "north" } });
    const { handshake } = socket;

    expect(handshake.query).toMatchObject({ room: "a b&c", EIO: rig.isOld ? "3" : "4" });
    expect(handshake.headers["x-tenant"]).toBe("north");
    expect(handshake.address).toBe("127.0.0.1");
    expect(handshake.secure).toBe(false);
    expect(handshake.xdomain).toBe(false);
    expect(handshake.url).toContain("/socket.io/?");
    expect(handshake.issued).toBeGreaterThanOrEqual(before);
    expect(new Date(handshake.time).getTime()).toBeGreaterThan(before - 1000);
    expect(handshake.auth).toEqual({});
    expect(socket.request.headers["x-tenant"]).toBe("north");
  });

  it("is found under another path", async () => {
    const stage = await rig.open({ path: "/chat" });
    const { socket } = await stage.pair("/", { path: "/chat" });

    expect(socket.handshake.url).toContain("/chat/?");
  });

  itIf(!rig.isOld)("takes auth as an object", async () => {
    const stage = await rig.open();
    const auth = { token: "s3cret", roles: ["admin", { since: 1 }], name: "Zoë 🐦" };
    const { socket } = await stage.pair("/", { auth });

    expect(socket.handshake.auth).toEqual(auth);
  });

  itIf(!rig.isOld)("takes auth from a function, asked anew for every connection", async () => {
    const stage = await rig.open();
    let asked = 0;
    const client = stage.client("/", { auth: (answer) => answer({ attempt: ++asked }) });
    const first = await stage.paired(client);
    client.disconnect();
    await connectionClosed(client);
    client.connect();
    const second = await stage.paired(client);

    expect(first.socket.handshake.auth).toEqual({ attempt: 1 });
    expect(second.socket.handshake.auth).toEqual({ attempt: 2 });
  });

  itIf(!rig.isOld)("tells a refused client the message and the data", async () => {
    const stage = await rig.open();
    const connected: string[] = [];
    stage.io.on("connection", (socket: Socket) => connected.push(socket.id));
    stage.io.use((_socket, next) => {
      next(Object.assign(new Error("no entry"), { data: { code: "TAKEN", field: ["name"] } }));
    });
    const error = await refusal(stage.client());

    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ message: "no entry", data: { code: "TAKEN", field: ["name"] } });
    expect(connected).toEqual([]);
    expect(stage.io.of("/").sockets.size).toBe(0);
  });

  itIf(!rig.isOld)("tells a refused client the message alone when there is no data", async () => {
    const stage = await rig.open();
    stage.io.use((_socket, next) => {
      next(new Error("no entry"));
    });
    const error = await refusal(stage.client());

    expect(error.message).toBe("no entry");
    expect(error.data).toBeUndefined();
  });

  itIf(!rig.isOld)("lets a refused client try again with better credentials", async () => {
    const stage = await rig.open();
    stage.io.use((socket, next) => {
      next(socket.handshake.auth.token === "right" ? undefined : new Error("wrong token"));
    });
    const client = stage.client("/", { auth: { token: "wrong" } });
    expect((await refusal(client)).message).toBe("wrong token");

    client.auth = { token: "right" };
    client.connect();
    const { socket } = await stage.paired(client);

    expect(socket.handshake.auth).toEqual({ token: "right" });
  });

  itIf(!rig.isOld)("refuses a namespace that does not exist", async () => {
    const stage = await rig.open();
    const error = await refusal(stage.client("/nowhere"));

    expect(error.message).toBe("Invalid namespace");
  });

  it("serves several clients at once, each with its own id", async () => {
    const stage = await rig.open();
    const pairs = await Promise.all(Array.from({ length: 5 }, () => stage.pair()));
    const echoes = await Promise.all(
      pairs.map(async ({ client, socket }) => {
        socket.on("who", () => socket.emit("you", socket.id));
        client.emit("who");
        return nextEvent(client, "you");
      }),
    );

    expect(new Set(pairs.map(({ socket }) => socket.id)).size).toBe(5);
    expect(echoes).toEqual(pairs.map(({ client }) => [client.id]));
    expect(stage.io.of("/").sockets.size).toBe(5);
  });
});

async function refusal(client: ClientSocket): Promise<Error & { data?: unknown }> {
  const [error] = await nextEvent(client, "connect_error");
  return error as Error;
}
