import { itIsBetterHere } from "../support/better-here.js";
import { connectionClosed, describeEveryClient, engineOf, type Pair, type TransportPlan } from "../support/clients.js";
import { FreezingProxy } from "../support/freezing-proxy.js";
import type { Socket } from "../support/peer.js";
import { deferred, nextEvent, until } from "../support/waiting.js";

interface Ending {
  readonly by: string;
  readonly act: (pair: Pair) => unknown;
  readonly client: string;
  readonly server: string;
}

const ENDINGS: readonly Ending[] = [
  {
    by: "socket.disconnect()",
    act: ({ socket }) => socket.disconnect(),
    client: "io server disconnect",
    server: "server namespace disconnect",
  },
  {
    by: "socket.disconnect(true)",
    act: ({ socket }) => socket.disconnect(true),
    client: "io server disconnect",
    server: "server namespace disconnect",
  },
  {
    by: "client.disconnect()",
    act: ({ client }) => client.disconnect(),
    client: "io client disconnect",
    server: "client namespace disconnect",
  },
  {
    by: "the server closing the connection",
    act: ({ socket }) => socket.conn.close(),
    client: "transport close",
    server: "forced close",
  },
  {
    by: "the client closing the connection",
    act: ({ client }) => engineOf(client).close(),
    client: "forced close",
    server: "transport close",
  },
  {
    by: "a client that sends what is no packet",
    act: ({ client }) => engineOf(client).write("42{}"),
    client: "transport close",
    server: "forced close",
  },
];

/** What each end says when the network fails: a WebSocket closes, a poll fails. */
const CUT: Record<TransportPlan, { readonly client: string; readonly server: string }> = {
  polling: { client: "transport error", server: "transport error" },
  websocket: { client: "transport close", server: "transport close" },
  upgrade: { client: "transport close", server: "transport close" },
};

describeEveryClient("disconnecting", (rig) => {
  for (const { by, act, client: clientReason, server: serverReason } of ENDINGS) {
    it(`by ${by} tells both ends the reason`, async () => {
      const pair = await (await rig.open()).settledPair();
      const ends = Promise.all([nextEvent(pair.client, "disconnect"), nextEvent(pair.socket, "disconnect")]);
      act(pair);
      const [client, server] = await ends;

      expect({ client: client[0], server: server[0] }).toEqual({ client: clientReason, server: serverReason });
      expect(pair.client.connected).toBe(false);
      expect(pair.socket.connected).toBe(false);
      expect(pair.socket.disconnected).toBe(true);
    });
  }

  it("by a cut network tells both ends the reason", async () => {
    const stage = await rig.open();
    const pair = await stage.settledPair();
    const ends = Promise.all([nextEvent(pair.client, "disconnect"), nextEvent(pair.socket, "disconnect")]);
    stage.stage.cutConnections();
    const [client, server] = await ends;

    expect({ client: client[0], server: server[0] }).toEqual(CUT[rig.plan]);
  });

  const itWaitsForPings = rig.isOld && rig.plan === "upgrade" ? itIsBetterHere : it;
  itWaitsForPings("by a silent network tells both ends the reason", async () => {
    const stage = await rig.open({ pingInterval: 200, pingTimeout: 400 });
    const proxy = await FreezingProxy.open(stage.stage.port);
    stage.stage.onClose(() => proxy.close());
    const pair = await stage.settled(await stage.paired(stage.clientAt(proxy.url)));
    const ends = Promise.all([nextEvent(pair.client, "disconnect"), nextEvent(pair.socket, "disconnect")]);
    proxy.freeze();
    const [client, server] = await ends;

    expect({ client: client[0], server: server[0] }).toEqual({ client: "ping timeout", server: "ping timeout" });
  });

  it("fires disconnecting while the rooms are there and disconnect when they are gone", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    await socket.join(["a", "b"]);
    const seen: unknown[] = [];
    socket.on("disconnecting", (reason) => seen.push("disconnecting", reason, [...socket.rooms], socket.connected));
    socket.on("disconnect", (reason) => seen.push("disconnect", reason, [...socket.rooms], socket.connected));
    const gone = nextEvent(socket, "disconnect");
    client.disconnect();
    await gone;

    const reason = "client namespace disconnect";
    expect(seen).toEqual(["disconnecting", reason, [socket.id, "a", "b"], true, "disconnect", reason, [], false]);
    expect(stage.io.of("/").adapter.rooms.size).toBe(0);
    expect(stage.io.of("/").sockets.size).toBe(0);
  });

  it("lets the others hear what a disconnecting listener says to its rooms", async () => {
    const stage = await rig.open();
    const [leaver, stayer] = await Promise.all([stage.pair(), stage.pair()]);
    for (const { socket } of [leaver, stayer]) await socket.join("room");
    leaver.socket.on("disconnecting", () => leaver.socket.to("room").emit("left", leaver.socket.id));
    const heard = nextEvent(stayer.client, "left");
    leaver.client.disconnect();

    expect(await heard).toEqual([leaver.socket.id]);
  });

  it("fires once on each end", async () => {
    const stage = await rig.open();
    const pair = await stage.settledPair();
    const fired: string[] = [];
    pair.socket.on("disconnecting", () => fired.push("disconnecting"));
    pair.socket.on("disconnect", () => fired.push("disconnect"));
    pair.client.on("disconnect", () => fired.push("client"));
    const ends = Promise.all([nextEvent(pair.client, "disconnect"), nextEvent(pair.socket, "disconnect")]);
    const closed = nextEvent(pair.socket.conn, "close");
    pair.socket.disconnect(true);
    pair.socket.disconnect(true);
    pair.client.disconnect();
    await ends;
    await closed;
    await stage.pair();

    expect(fired.sort()).toEqual(["client", "disconnect", "disconnecting"]);
  });

  it("brings the client what was emitted before the disconnection", async () => {
    const { client, socket } = await (await rig.open()).settledPair();
    const seen: unknown[] = [];
    client.on("bye", (n: number) => seen.push(n));
    const gone = nextEvent(client, "disconnect");
    for (const n of [1, 2, 3]) socket.emit("bye", n);
    socket.disconnect(true);
    await gone;

    expect(seen).toEqual([1, 2, 3]);
  });

  itIsBetterHere("brings the server what the client emitted right before it disconnected", async () => {
    const { client, socket } = await (await rig.open()).settledPair();
    const seen: unknown[] = [];
    socket.on("bye", (n: number) => seen.push(n));
    const gone = nextEvent(socket, "disconnect");
    for (const n of [1, 2, 3]) client.emit("bye", n);
    client.disconnect();
    await gone;

    expect(seen).toEqual([1, 2, 3]);
  });

  it("leaves a client that connects again with a new id", async () => {
    const stage = await rig.open();
    const first = await stage.pair();
    const gone = nextEvent(first.client, "disconnect");
    first.socket.disconnect();
    await gone;
    await connectionClosed(first.client);
    first.client.connect();
    const second = await stage.paired(first.client);

    expect(second.socket).not.toBe(first.socket);
    expect(second.socket.id).not.toBe(first.socket.id);
  });

  it("in the connection listener still tells the client", async () => {
    const stage = await rig.open();
    stage.io.on("connection", (socket: Socket) => socket.disconnect());
    const client = stage.client();
    const seen: string[] = [];
    client.on("connect", () => seen.push("connect"));
    client.on("disconnect", (reason) => seen.push(reason));
    await nextEvent(client, "disconnect");

    expect(seen).toEqual(["connect", "io server disconnect"]);
  });

  it("forgets a client that leaves while a middleware still thinks", async () => {
    const stage = await rig.open();
    const connected: string[] = [];
    stage.io.on("connection", (socket: Socket) => connected.push(socket.id));
    const { promise: thinking, resolve } = deferred<{ conn: Socket["conn"]; proceed: () => void }>();
    stage.io.use((socket, next) => {
      if (socket.handshake.query.patient === "yes") next();
      else resolve({ conn: socket.conn, proceed: next });
    });
    const leaver = stage.client();
    const { conn, proceed } = await thinking;
    // An old client that has not read the handshake yet leaves without a word.
    await until(() => engineOf(leaver).readyState === "open", "the client is open");
    const closed = nextEvent(conn, "close");
    leaver.disconnect();
    await closed;
    proceed();
    const { socket } = await stage.pair("/", { query: { patient: "yes" } });

    expect(connected).toEqual([socket.id]);
  });
});
