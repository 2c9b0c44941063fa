import { silentLogger } from "rookery/core";
import { itIsBetterHere } from "../support/better-here.js";
import { called, departure, join, type RawPair } from "../support/joining.js";
import type { Socket } from "../support/peer.js";
import { PollingSession } from "../support/raw-http.js";
import { useStages } from "../support/stage.js";
import { nextEvent, within } from "../support/waiting.js";

type Answer = (...args: unknown[]) => void;

const RESERVED = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

const open = useStages();
const pair = async (): Promise<RawPair> => join(await open({ logger: silentLogger }));

describe("emit", () => {
  it("socket.emit(ev, ...args[, ack]): returns true, also after the arguments of an acknowledgement", async () => {
    const { client, socket } = await pair();

    expect(socket.emit("a", 1)).toBe(true);
    expect(socket.emit("b", 2, () => undefined)).toBe(true);
    expect(await client.take(2)).toEqual(['42["a",1]', '420["b",2]']);
  });

  itIsBetterHere("socket.emit(ev, ...args[, ack]): returns false once the socket has left", async () => {
    const { client, socket } = await pair();
    const gone = departure(socket);
    client.send("41");
    await gone;

    expect(socket.emit("a", 1)).toBe(false);
    expect(await called((callback) => socket.timeout(60_000).emit("a", 1, callback))).toMatchObject([
      { code: "SOCKET_CLOSED", event: "a", args: [1] },
    ]);
  });

  it.each(RESERVED)("Reserved outgoing names: %s is refused by sockets, namespaces and broadcasts", async (name) => {
    const { socket } = await pair();
    const message = `"${name}" is a reserved event name`;

    expect(() => socket.emit(name)).toThrow(message);
    expect(() => socket.nsp.emit(name)).toThrow(message);
    expect(() => socket.broadcast.emit(name)).toThrow(message);
  });

  it.each(["error", "connection", "new_namespace"])("Reserved outgoing names: %s is free", async (name) => {
    const { client, socket } = await pair();
    socket.emit(name);

    expect(await client.next()).toBe(`42["${name}"]`);
  });

  it("socket.send/write: emit message", async () => {
    const { client, socket } = await pair();
    socket.send("a").write("b");

    expect(await client.take(2)).toEqual(['42["message","a"]', '42["message","b"]']);
  });

  it("volatile: is dropped while the transport is not writable", async () => {
    const stage = await open();
    const connected = nextEvent(stage.io, "connection");
    const session = await PollingSession.join(stage);
    const [socket] = (await connected) as [Socket];
    // No poll is open.
    socket.volatile.emit("lost");
    socket.emit("kept");

    expect((await session.poll()).body).toBe('42["kept"]');
  });

  it("compress(bool): is told to the transport packet by packet", async () => {
    const { client, socket } = await pair();
    const flags: unknown[] = [];
    socket.conn.on("packetCreate", ({ options }: { options?: { compress?: boolean } }) =>
      flags.push(options?.compress),
    );
    socket.compress(false).emit("a");
    socket.compress(true).emit("b");
    await client.take(2);

    expect(flags).toEqual([false, true]);
  });

  itIsBetterHere("Modifier flags on `socket`: stay on the value that was returned", async () => {
    const { client, socket } = await pair();
    const patient = socket.timeout(50);
    socket.emit("a");
    const answer = called((callback) => patient.emit("b", callback));
    await client.take(2);

    expect(await answer).toEqual([expect.objectContaining({ message: "operation has timed out" })]);
  });
});

describe("values", () => {
  it.each<[kind: string, value: unknown, wire: string]>([
    ["undefined", undefined, "null"],
    ["NaN", NaN, "null"],
    ["Infinity", Infinity, "null"],
    ["-Infinity", -Infinity, "null"],
    ["a Map", new Map([[1, 2]]), "{}"],
    ["a Set", new Set([1]), "{}"],
    ["a Date", new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ["a function that is not last", () => 1, "null"],
    ["an object with toJSON", { toJSON: () => "mine" }, '"mine"'],
  ])("Values: %s", async (_kind, value, wire) => {
    const { client, socket } = await pair();
    socket.emit("v", value, "last");

    expect(await client.next()).toBe(`42["v",${wire},"last"]`);
  });

  it("Values: a BigInt throws and leaves the socket usable", async () => {
    const { client, socket } = await pair();

    expect(() => socket.emit("v", 1n)).toThrow("Do not know how to serialize a BigInt");
    socket.emit("next");
    expect(await client.next()).toBe('42["next"]');
  });

  it("Values: a cycle throws", async () => {
    const { socket } = await pair();
    const cycle: unknown[] = [];
    cycle.push(cycle);

    expect(() => socket.emit("v", cycle)).toThrow();
  });

  it.each<[kind: string, value: unknown]>([
    ["a Buffer", Buffer.from([1, 2])],
    ["an ArrayBuffer", new Uint8Array([1, 2]).buffer],
    ["a view", new Uint8Array([1, 2])],
  ])("Binary: %s anywhere in the arguments is an attachment", async (_kind, value) => {
    const { client, socket } = await pair();
    socket.emit("v", { deep: [value] });

    expect(await client.take(2)).toEqual(['451-["v",{"deep":[{"_placeholder":true,"num":0}]}]', Buffer.from([1, 2])]);
  });

  it("Binary: an acknowledgement with attachments is a BINARY_ACK", async () => {
    const { client, socket } = await pair();
    socket.on("q", (answer: Answer) => {
      answer(Buffer.from([3]));
    });
    client.send('427["q"]');

    expect(await client.take(2)).toEqual(['461-7[{"_placeholder":true,"num":0}]', Buffer.from([3])]);
  });
});

describe("listeners", () => {
  it.each(RESERVED)("Reserved incoming names: %s is an error, and then the end", async (name) => {
    const { client, socket } = await pair();
    const gone = departure(socket);
    client.send(`42["${name}"]`);

    expect((await gone)[0]).toBe("forced close");
    expect(await client.closeCode()).toBe(1005);
  });

  it.each(["error", "message", "connection", "__proto__", "constructor", "hasOwnProperty"])(
    "Reserved incoming names: %s is accepted",
    async (name) => {
      const { client, socket } = await pair();
      const heard = nextEvent(socket, name);
      client.send(`42["${name}",1]`);

      expect(await heard).toEqual([1]);
    },
  );

  it("Reserved incoming names: a number is accepted", async () => {
    const { client, socket } = await pair();
    const heard = called((callback) => socket.onAny(callback));
    client.send("42[5,1]");

    expect(await heard).toEqual([5, 1]);
  });

  it("Listeners: on, once and off, many per event", async () => {
    const { client, socket } = await pair();
    const heard: string[] = [];
    const removed = (): number => heard.push("removed");
    socket.on("a", () => heard.push("first"));
    socket.once("a", () => heard.push("once"));
    socket.on("a", removed).off("a", removed);
    socket.on("a", () => heard.push("last"));
    const fence = nextEvent(socket, "fence");
    client.send('42["a"]', '42["a"]', '42["fence"]');
    await fence;

    expect(heard).toEqual(["first", "once", "last", "first", "last"]);
  });

  it("Catch-all: runs before socket.use, in order, and can be taken away", async () => {
    const { client, socket } = await pair();
    const heard: string[] = [];
    const removed = (): number => heard.push("removed");
    socket.use((_event, next) => {
      heard.push("use");
      next();
    });
    socket.onAny((event, arg) => heard.push(`any ${event} ${arg}`));
    socket.prependAny(() => heard.push("prepended"));
    socket.onAny(removed).offAny(removed);
    const handled = nextEvent(socket, "a");
    client.send('42["a",1]');
    await handled;

    expect(heard).toEqual(["prepended", "any a 1", "use"]);
    expect(socket.listenersAny()).toHaveLength(2);
  });

  it("Outgoing catch-all: sees what is emitted and, for each receiving socket, what is broadcast", async () => {
    const stage = await open();
    const [ada, ben] = [await join(stage), await join(stage)];
    const heard: string[] = [];
    for (const [name, { socket }] of Object.entries({ ada, ben })) {
      socket.onAnyOutgoing((event) => heard.push(`${name} ${event}`));
      socket.prependAnyOutgoing(() => heard.push(name));
    }
    ada.socket.emit("own");
    stage.io.emit("all");
    ada.socket.offAnyOutgoing();
    ada.socket.emit("silent");

    expect(heard).toEqual(["ada", "ada own", "ada", "ada all", "ben", "ben all"]);
    expect(ada.socket.listenersAnyOutgoing()).toEqual([]);
  });

  itIsBetterHere("Unhandled data (no data): `42` is an invalid packet", async () => {
    const { client, socket } = await pair();
    const gone = departure(socket);
    client.send("42");

    expect((await gone)[0]).toBe("forced close");
  });
});

describe("acknowledgements", () => {
  it("Client→server ack: the first call counts", async () => {
    const { client, socket } = await pair();
    socket.on("q", (answer: Answer) => {
      answer("first");
      answer("second");
      socket.emit("fence");
    });
    client.send('427["q"]');

    expect(await client.take(2)).toEqual(['437["first"]', '42["fence"]']);
  });

  itIsBetterHere("Client→server ack: calling one that was not asked for harms nobody", async () => {
    const { client, socket } = await pair();
    socket.on("q", (answer: Answer) => {
      answer("not asked for");
    });
    socket.on("alive", (answer: Answer) => {
      answer("yes");
    });
    client.send('42["q"]', '421["alive"]');

    expect(await client.next()).toBe('431["yes"]');
  });

  it("Server→client ack: gets all arguments; the ids are counted in the namespace", async () => {
    const stage = await open();
    const [ada, ben] = [await join(stage), await join(stage)];
    const answer = called((callback) => ada.socket.emit("q", callback));
    ben.socket.emit("q", () => undefined);

    expect(await ada.client.next()).toBe('420["q"]');
    expect(await ben.client.next()).toBe('421["q"]');
    ada.client.send('430["one","two"]');
    expect(await answer).toEqual(["one", "two"]);
  });

  it("emitWithAck: gives the first argument", async () => {
    const { client, socket } = await pair();
    const answer = socket.emitWithAck("q");
    await client.next();
    client.send('430["one","two"]');

    expect(await answer).toBe("one");
  });

  itIsBetterHere("emitWithAck: rejects as soon as the client is gone, with and without a timeout", async () => {
    const { client, socket } = await pair();
    const answers = [socket.emitWithAck("q"), socket.timeout(60_000).emitWithAck("q")];
    client.close();

    const reasons = await within(Promise.allSettled(answers), "both answers");
    expect(reasons).toMatchObject([
      { status: "rejected", reason: { message: "socket has been disconnected" } },
      { status: "rejected", reason: { message: "socket has been disconnected" } },
    ]);
  });

  it("socket.timeout(ms).emit(ev, (err, ...args)): gives the error first and drops late answers", async () => {
    const { client, socket } = await pair();
    const calls: unknown[][] = [];
    const timely = called((callback) => socket.timeout(60_000).emit("q", callback));
    const late = called((callback) =>
      socket.timeout(1).emit("q", (...args: unknown[]) => {
        calls.push(args);
        callback(...args);
      }),
    );
    expect(await late).toEqual([expect.objectContaining({ message: "operation has timed out" })]);
    await client.take(2);
    const fence = nextEvent(socket, "fence");
    client.send('431["too late"]', '430["in time",2]', '42["fence"]');
    await fence;

    expect(await timely).toEqual([null, "in time", 2]);
    expect(calls).toHaveLength(1);
  });

  it("Default ack timeout: there is none", async () => {
    const { client, socket } = await pair();
    const calls: unknown[] = [];
    socket.emit("q", (...args: unknown[]) => calls.push(args));
    const timedOut = called((callback) => socket.timeout(5).emit("q", callback));
    await client.take(2);
    await timedOut;

    expect(calls).toEqual([]);
    expect(socket.nsp.server.opts.ackTimeout).toBeUndefined();
  });

  it("Ack with unknown id: is ignored", async () => {
    const { client, socket } = await pair();
    socket.on("alive", (answer: Answer) => {
      answer("yes");
    });
    client.send("4399[]", '421["alive"]');

    expect(await client.next()).toBe('431["yes"]');
  });

  itIsBetterHere(
    "Ack answering with error/throw: a throw in the handler leaves the question open and harms nobody",
    async () => {
      const { client, socket } = await pair();
      socket.on("q", () => {
        throw new TypeError("mishap");
      });
      socket.on("alive", (answer: Answer) => {
        answer("yes");
      });
      client.send('420["q"]', '421["alive"]');

      expect(await client.next()).toBe('431["yes"]');
    },
  );
});
