import { itIsBetterHere } from "../support/better-here.js";
import type { ServerOptions, Socket } from "../support/peer.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent } from "../support/waiting.js";

const openAny = useStages();
const open = (options: Partial<ServerOptions> = {}): Promise<Stage> => openAny({ allowEIO3: true, ...options });

/** A client past the engine's handshake. */
async function enter(stage: Stage): Promise<RawWebSocket> {
  const client = await RawWebSocket.open(stage, "EIO=3&transport=websocket");
  expect(await client.next()).toMatch(/^0\{/);
  return client;
}

/** As `enter`, and in the main namespace. */
async function join(stage: Stage): Promise<RawWebSocket> {
  const client = await enter(stage);
  expect(await client.next()).toBe("40");
  return client;
}

/** Asks for a namespace and gives the server's socket of it. */
async function joinAnother(stage: Stage, client: RawWebSocket, packet: string): Promise<Socket> {
  const connected = nextEvent(stage.io.of("/adm"), "connection");
  client.send(packet);
  expect(await client.next()).toBe("40/adm,");
  return ((await connected) as [Socket])[0];
}

describe("connecting by protocol 4", () => {
  it.each(["40/adm", "40/adm,", "40/adm?", "40/adm?t=1", "40/adm?t=1,"])(
    "takes %j, and answers with the name and a comma",
    async (packet) => {
      const stage = await open();
      stage.io.of("/adm");
      const socket = await joinAnother(stage, await join(stage), packet);

      expect(socket.nsp.name).toBe("/adm");
      expect(socket.id).toBe(`/adm#${socket.conn.id}`);
      expect({ ...socket.handshake.auth }).toEqual(packet.includes("t=1") ? { t: "1" } : {});
    },
  );

  it("goes on in that namespace by its name alone", async () => {
    const stage = await open();
    stage.io.of("/adm");
    const client = await join(stage);
    const socket = await joinAnother(stage, client, "40/adm?t=1");
    socket.on("q", (a, answer) => answer(a, Buffer.from([1])));
    client.send('42/adm,7["q",1]');
    expect(await client.take(2)).toEqual(['461-/adm,7[1,{"_placeholder":true,"num":0}]', Buffer.from([4, 1])]);
    const answered = new Promise((resolve) => socket.emit("q", 2, resolve));
    expect(await client.next()).toBe('42/adm,0["q",2]');
    client.send('43/adm,0["yes"]');
    expect(await answered).toBe("yes");
    const gone = nextEvent(socket, "disconnect");
    client.send("41/adm");

    expect(await gone).toEqual(["client namespace disconnect"]);
  });

  it("is told that it was disconnected by the name and a comma", async () => {
    const stage = await open();
    stage.io.of("/adm");
    const client = await join(stage);
    const socket = await joinAnother(stage, client, "40/adm");
    socket.disconnect();

    expect(await client.next()).toBe("41/adm,");
  });

  it.each<[refusal: Error, frame: string]>([
    [new Error("no entry"), '44"no entry"'],
    [Object.assign(new Error("no entry"), { data: { code: 7 } }), '44{"code":7}'],
    [Object.assign(new Error("no entry"), { data: "no data" }), '44"no data"'],
    [Object.assign(new Error("no entry"), { data: 0 }), '44"no entry"'],
  ])("is refused with the bare text or data of %s", async (refusal, frame) => {
    const stage = await open();
    stage.io.use((_socket, next) => {
      next(refusal);
    });

    expect(await (await enter(stage)).next()).toBe(frame);
  });

  it("is refused by one namespace and goes on in the others", async () => {
    const stage = await open();
    stage.io.of("/adm").use((_socket, next) => {
      next(new Error("no entry"));
    });
    const client = await join(stage);
    client.send("40/adm?t=1");
    expect(await client.next()).toBe('44/adm,"no entry"');
    client.send("40/nowhere?t=1");
    expect(await client.next()).toBe('44/nowhere,{"message":"Invalid namespace"}');
    client.send("2");

    expect(await client.next()).toBe("3");
  });

  itIsBetterHere("that throws in a middleware refuses an old client and tells it nothing", async () => {
    const stage = await open();
    stage.io.use(() => {
      throw new Error("the password is 1234");
    });

    expect(await (await enter(stage)).next()).toBe('44"Internal server error"');
  });

  itIsBetterHere("with data which cannot be encoded still refuses an old client", async () => {
    const stage = await open();
    stage.io.use((_socket, next) => {
      next(Object.assign(new Error("no entry"), { data: { big: 1n } }));
    });

    expect(await (await enter(stage)).next()).toBe('44"no entry"');
  });

  it("brings no `connection` for a client that leaves while a middleware thinks", async () => {
    const stage = await open();
    const connected: string[] = [];
    stage.io.on("connection", (socket: Socket) => connected.push(socket.id));
    const thinking = new Promise<{ socket: Socket; next: () => void }>((resolve) => {
      stage.io.use((socket, next) => {
        resolve({ socket, next });
      });
    });
    const client = await enter(stage);
    const { socket, next } = await thinking;
    const closed = nextEvent(socket.conn, "close");
    client.close();
    await closed;
    next();

    expect(connected).toEqual([]);
    expect(stage.io.of("/").sockets.size).toBe(0);
  });

  it.each([
    ["again to the main namespace, in which it is", ["40"]],
    ["again to another, in which it is", ["40/adm", "40/adm?t=2"]],
  ])("ends the connection when it connects %s", async (_what, packets) => {
    const stage = await open();
    stage.io.of("/adm");
    const client = await join(stage);
    client.send(packets[0] ?? "");
    if (packets.length > 1) {
      expect(await client.next()).toBe("40/adm,");
      client.send(...packets.slice(1));
    }

    expect(await client.closeCode()).toBe(1005);
  });

  it("may connect to the main namespace again once it has left", async () => {
    const stage = await open();
    const connected = nextEvent(stage.io, "connection");
    const client = await join(stage);
    const [socket] = (await connected) as [Socket];
    const gone = nextEvent(socket, "disconnect");
    client.send("41");
    await gone;
    client.send("40");

    expect(await client.next()).toBe("40");
  });

  it("keeps names of a query as they are, without a prototype to hurt", async () => {
    const stage = await open();
    stage.io.of("/adm");
    const socket = await joinAnother(stage, await join(stage), "40/adm?__proto__=1&constructor=2&a=1&a=2&b=%C3%A9&c");
    const { auth } = socket.handshake;

    expect(Object.getPrototypeOf(auth)).toBeNull();
    expect({ ...auth }).toEqual({ ["__proto__"]: "1", constructor: "2", a: "2", b: "é", c: "" });
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });

  it("may ask with a long query, as a token is", async () => {
    const stage = await open();
    stage.io.of("/adm");
    const socket = await joinAnother(stage, await join(stage), `40/adm?token=${"x".repeat(8_000)},`);

    expect(socket.handshake.auth.token).toHaveLength(8_000);
  });

  itIsBetterHere("ends the connection of an old client whose query is too long", async () => {
    const stage = await open();
    stage.io.of("/adm");
    const client = await join(stage);
    client.send(`40/adm?${"?".repeat(10_000)},`);

    expect(await client.closeCode()).toBe(1005);
  });

  itIsBetterHere("ends the connection of an old client whose query is badly escaped", async () => {
    const stage = await open();
    stage.io.of("/adm");
    const client = await join(stage);
    client.send("40/adm?b=%E0%A4%A,");

    expect(await client.closeCode()).toBe(1005);
  });

  itIsBetterHere("ends the connection of an old client whose namespace has too long a name", async () => {
    const stage = await open();
    const client = await join(stage);
    client.send(`40/${"x".repeat(300)},`);

    expect(await client.closeCode()).toBe(1005);
  });

  itIsBetterHere("takes what looks like an address for the name that it is", async () => {
    const stage = await open();
    stage.io.of("/adm");
    const client = await join(stage);
    client.send("40//evil/adm");
    expect(await client.next()).toBe('44//evil/adm,{"message":"Invalid namespace"}');
    client.send("40/x/../adm");

    expect(await client.next()).toBe('44/x/../adm,{"message":"Invalid namespace"}');
  });
});
