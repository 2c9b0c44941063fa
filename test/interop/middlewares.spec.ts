import { setImmediate as nextTurn } from "node:timers/promises";
import { describeEveryClient, itIf } from "../support/clients.js";
import type { Socket } from "../support/peer.js";
import { nextEvent } from "../support/waiting.js";

describeEveryClient("middlewares", (rig) => {
  it("of a namespace run in the order they were added, before connection", async () => {
    const stage = await rig.open();
    const order: string[] = [];
    stage.io.use((_socket, next) => {
      order.push("first");
      void nextTurn().then(() => {
        order.push("first done");
        next();
      });
    });
    stage.io.use((_socket, next) => {
      order.push("second");
      next();
    });
    stage.io.on("connection", () => order.push("connection"));
    await stage.pair();

    expect(order).toEqual(["first", "first done", "second", "connection"]);
  });

  it("of a namespace hand the socket on as they left it", async () => {
    const stage = await rig.open();
    stage.io.use((socket, next) => {
      socket.data.user = socket.handshake.query.name;
      void socket.join("members");
      next();
    });
    const { socket } = await stage.pair("/", { query: { name: "Ada" } });

    expect(socket.data).toEqual({ user: "Ada" });
    expect([...socket.rooms].sort()).toEqual([socket.id, "members"].sort());
  });

  itIf(!rig.isOld)("of a namespace end at the first refusal", async () => {
    const stage = await rig.open();
    const order: string[] = [];
    stage.io.use((_socket, next) => {
      order.push("first");
      void nextTurn().then(() => {
        next(new Error("refused"));
      });
    });
    stage.io.use((_socket, next) => {
      order.push("second");
      next();
    });
    const [error] = await nextEvent(stage.client(), "connect_error");

    expect(error).toHaveProperty("message", "refused");
    expect(order).toEqual(["first"]);
  });

  it("of a namespace see no connected socket yet", async () => {
    const stage = await rig.open();
    const seen: unknown[] = [];
    stage.io.use((socket, next) => {
      seen.push(socket.connected, stage.io.of("/").sockets.has(socket.id));
      next();
    });
    await stage.pair();

    expect(seen).toEqual([false, false]);
  });

  it("of a socket see every event with its arguments, in order", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    const order: unknown[] = [];
    socket.use((event, next) => {
      order.push("first", event[0], event[1]);
      next();
    });
    socket.use(([name], next) => {
      order.push("second", name);
      next();
    });
    socket.on("say", (text) => order.push("listener", text));
    for (const [name, arg] of [
      ["say", "hi"],
      ["other", 1],
    ] as const) {
      const arrived = nextEvent(socket, name);
      client.emit(name, arg);
      await arrived;
    }

    const chain = (name: string, arg: unknown): unknown[] => ["first", name, arg, "second", name];
    expect(order).toEqual([...chain("say", "hi"), "listener", "hi", ...chain("other", 1)]);
  });

  it("of a socket keep back what they refuse and tell the server's socket", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    const delivered: unknown[] = [];
    socket.use(([name], next) => {
      next(name === "forbidden" ? Object.assign(new Error("not for you"), { data: { code: 7 } }) : undefined);
    });
    socket.on("forbidden", (arg) => delivered.push(arg));
    socket.on("allowed", (arg) => delivered.push(arg));
    const refused = nextEvent(socket, "error");
    const fence = nextEvent(socket, "fence");
    client.emit("forbidden", 1);
    client.emit("allowed", 2);
    client.emit("fence");
    const [error] = await refused;
    await fence;

    expect(error).toMatchObject({ message: "not for you", data: { code: 7 } });
    expect(delivered).toEqual([2]);
    expect(socket.connected).toBe(true);
  });

  it("of a socket may refuse when nobody listens for the error", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    socket.use(([name], next) => {
      next(name === "forbidden" ? new Error("not for you") : undefined);
    });
    const fence = nextEvent(socket, "fence");
    client.emit("forbidden");
    client.emit("fence", 1);

    expect(await fence).toEqual([1]);
  });

  it("of a socket may answer in its listener's place", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    socket.use((event, next) => {
      const answer: unknown = event.at(-1);
      if (event[0] === "q" && typeof answer === "function") answer("from the middleware");
      else next();
    });
    socket.on("q", (answer) => answer("from the listener"));

    expect(await new Promise((resolve) => client.emit("q", resolve))).toBe("from the middleware");
  });

  it("of a socket may take their time", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    socket.use((_event, next) => {
      void nextTurn().then(() => {
        next();
      });
    });
    const arrived = nextEvent(socket, "say");
    client.emit("say", 1, Buffer.from([2]));

    expect(await arrived).toEqual([1, Buffer.from([2])]);
  });

  it("of a socket may be added by the connection listener", async () => {
    const stage = await rig.open();
    stage.io.on("connection", (socket: Socket) => {
      socket.use((event, next) => {
        event[1] = `${String(event[1])}, changed`;
        next();
      });
    });
    const { client, socket } = await stage.pair();
    const arrived = nextEvent(socket, "say");
    client.emit("say", "hi");

    expect(await arrived).toEqual(["hi, changed"]);
  });
});
