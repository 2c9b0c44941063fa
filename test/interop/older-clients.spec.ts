import { io as connectWithNewest } from "socket.io-client";
import { itIsBetterHere } from "../support/better-here.js";
import { describeEveryClient, itIf, managerOf, type ClientSocket, type ClientStage } from "../support/clients.js";
import { Journal } from "../support/journal.js";
import type { Namespace, Socket } from "../support/peer.js";
import { nextEvent, nextEvents } from "../support/waiting.js";

/** The server's next socket in a namespace. */
async function joining(namespace: Namespace): Promise<Socket> {
  const [socket] = (await nextEvent(namespace, "connection")) as [Socket];
  return socket;
}

/** What a client that is refused hears: the bare text or data of the refusal. */
async function refusal(client: ClientSocket): Promise<unknown> {
  const [data] = await nextEvent(client, "error");
  return data;
}

/** Clients of Socket.IO 1 and 2, beside what every client can do. */
describeEveryClient(
  "an older client",
  (rig) => {
    it("is in the main namespace under the id of its connection", async () => {
      const stage = await rig.open();
      const { client, socket } = await stage.pair();

      expect(socket.id).toBe(socket.conn.id);
      expect(client.id).toBe(socket.id);
      expect(socket.conn.protocol).toBe(3);
      expect([...socket.rooms]).toEqual([socket.id]);
    });

    it("is in another namespace under that id behind the namespace's name", async () => {
      const stage = await rig.open();
      const joined = joining(stage.io.of("/admin"));
      const { client, socket } = await stage.pair();
      const sibling = stage.sibling(client, "/admin");
      const [admin] = await Promise.all([joined, nextEvent(sibling, "connect")]);

      expect(admin.id).toBe(`/admin#${socket.id}`);
      expect(sibling.id).toBe(rig.major === 1 ? socket.id : admin.id);
      expect([...admin.rooms]).toEqual([admin.id]);
    });

    it("is in the main namespace whichever it asks for", async () => {
      const stage = await rig.open();
      const main = joining(stage.io.of("/"));
      const admin = joining(stage.io.of("/admin"));
      stage.client("/admin");

      expect((await main).conn).toBe((await admin).conn);
    });

    it("tells the server a query for each namespace, in place of auth", async () => {
      const stage = await rig.open();
      const { client, socket } = await stage.pair("/", { query: { app: "1" } });
      const joined = joining(stage.io.of("/admin"));
      stage.sibling(client, "/admin", query("token=a%20b&token=c+d&__proto__=x&app=2"));
      const { handshake } = await joined;

      expect(handshake.auth).toEqual({ token: "c d", ["__proto__"]: "x", app: "2" });
      expect(Object.getPrototypeOf(handshake.auth)).toBeNull();
      expect(socket.handshake.auth).toEqual({});
      expect(socket.handshake.query).toMatchObject({ app: "1", EIO: "3" });
    });

    itIsBetterHere("finds the query of a namespace among that of the connection", async () => {
      const stage = await rig.open();
      const { client, socket } = await stage.pair("/", { query: { app: "1" } });
      const joined = joining(stage.io.of("/admin"));
      stage.sibling(client, "/admin", query("token=abc&__proto__=x"));
      const { handshake } = await joined;

      expect(handshake.query).toMatchObject({ EIO: "3", app: "1", token: "abc", ["__proto__"]: "x" });
      expect(Object.getPrototypeOf(handshake.query)).toBeNull();
      expect(socket.handshake.query).not.toHaveProperty("token");
    });

    it("may send a long query, such as a token", async () => {
      const stage = await rig.open();
      const { client } = await stage.pair();
      const joined = joining(stage.io.of("/admin"));
      const token = "x".repeat(4_000);
      stage.sibling(client, "/admin", query(`token=${token}`));

      expect((await joined).handshake.auth.token).toBe(token);
    });

    it("is told the bare text of a refusal", async () => {
      const stage = await rig.open();
      stage.io.use((_socket, next) => {
        next(new Error("no entry"));
      });

      expect(await refusal(stage.client())).toBe("no entry");
      expect(stage.io.of("/").sockets.size).toBe(0);
    });

    it("is told the data of a refusal in place of its text", async () => {
      const stage = await rig.open();
      stage.io.use((_socket, next) => {
        next(Object.assign(new Error("no entry"), { data: { code: "TAKEN", field: ["name"] } }));
      });

      expect(await refusal(stage.client())).toEqual({ code: "TAKEN", field: ["name"] });
    });

    it("goes on in one namespace when another refuses it", async () => {
      const stage = await rig.open();
      stage.io.of("/admin").use((socket, next) => {
        next(socket.handshake.auth.role === "admin" ? undefined : new Error("admins only"));
      });
      const { client, socket } = await stage.pair();

      expect(await refusal(stage.sibling(client, "/admin"))).toBe("admins only");
      const arrived = nextEvent(socket, "still here");
      client.emit("still here", 1);
      expect(await arrived).toEqual([1]);
    });

    it("is told of a namespace that does not exist", async () => {
      const stage = await rig.open();
      const { client } = await stage.pair();

      expect(await refusal(stage.sibling(client, "/nowhere"))).toEqual({ message: "Invalid namespace" });
      expect(client.connected).toBe(true);
    });

    it("joins a namespace made on demand by its query", async () => {
      const stage = await rig.open();
      const { client } = await stage.pair();
      stage.io.of((_name, auth, next) => {
        next(null, auth.token === "right");
      });
      await nextEvent(stage.sibling(client, "/room-1", query("token=right")), "connect");

      expect(stage.io.of("/room-1").sockets.size).toBe(1);
    });

    it("joins a namespace again after it left", async () => {
      const stage = await rig.open();
      const { client } = await stage.pair();
      const admins = stage.io.of("/admin");
      const sibling = stage.sibling(client, "/admin");
      const [first] = await Promise.all([joining(admins), nextEvent(sibling, "connect")]);
      const gone = nextEvent(first, "disconnect");
      sibling.disconnect();
      expect(await gone).toEqual(["client namespace disconnect"]);
      const joined = joining(admins);
      sibling.connect();
      const second = await joined;

      expect(second).not.toBe(first);
      expect(second.id).toBe(first.id);
      expect([...second.rooms]).toEqual([second.id]);
      expect(admins.sockets.size).toBe(1);
    });

    itIf(rig.takesUnicode)("exchanges text beyond ASCII, lengths and all", async () => {
      const stage = await rig.open();
      const { client, socket } = await stage.pair();
      socket.on("say", (...args) => socket.emit("said", ...args));
      const arrived = nextEvents(client, "said", 3);
      for (const text of ["é", "🐦🐦", "\u2028日本"]) client.emit("say", text);

      expect(await arrived).toEqual([["é"], ["🐦🐦"], ["\u2028日本"]]);
    });

    if (rig.takesUnicode) {
      itIsBetterHere("joins namespaces whose names are beyond ASCII", async () => {
        const stage = await rig.open();
        const { client } = await stage.pair();
        stage.io.of("/räume 🐦").on("connection", (socket: Socket) => socket.emit("welcome", 1));

        expect(await nextEvent(stage.sibling(client, "/räume 🐦"), "welcome")).toEqual([1]);
      });
    }

    it("pings, and lives on the server's answers", async () => {
      const stage = await rig.open({ pingInterval: 60, pingTimeout: 200 });
      const { client, socket } = await stage.settledPair();
      const gone: unknown[] = [];
      client.on("disconnect", (reason) => gone.push(reason));
      const answered = nextEvents(managerOf(client), "pong", 6);
      const heard = nextEvents(socket.conn, "heartbeat", 6);
      await Promise.all([answered, heard]);

      expect(gone).toEqual([]);
      expect(socket.connected).toBe(true);
    });

    it("shares rooms with newer clients, text and binary", async () => {
      const stage = await rig.open();
      const { client, socket } = await stage.settledPair();
      const newer = connectWithNewest(stage.stage.url, { forceNew: true, reconnection: false });
      stage.stage.onClose(() => newer.disconnect());
      const newest = await joining(stage.io.of("/"));
      for (const one of [socket, newest]) await one.join("room");
      const journals = [new Journal(client), new Journal(newer)];
      stage.io.to("room").emit("say", "text", { content: Buffer.from([4, 1, 2]) });
      stage.io.to("room").emit("fence");

      for (const journal of journals) {
        expect(await journal.before("fence")).toEqual([["say", "text", { content: Buffer.from([4, 1, 2]) }]]);
      }
    });

    it("is refused unless the server allows it", async () => {
      const stage = await rig.open({ allowEIO3: false });
      const [error] = await nextEvent(stage.client(), "connect_error");

      expect(error).toBeInstanceOf(Error);
      expect(stage.io.engine.clientsCount).toBe(0);
    });
  },
  { until: 2 },
);

/** The option of older clients that newer ones have replaced by `auth`. */
function query(text: string): Parameters<ClientStage["sibling"]>[2] {
  return { query: text } as object;
}
