import { EventEmitter } from "node:events";
import { createAdapter } from "@socket.io/redis-adapter";
import { Emitter } from "@socket.io/redis-emitter";
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket as TcpSocket,
} from "node:net";
import { silentLogger } from "rookery/core";
import { itIsBetterHere } from "../support/better-here.js";
import { Bus } from "../support/bus.js";
import { called, departure, join, type RawPair } from "../support/joining.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent, until, within } from "../support/waiting.js";

const open = useStages();

/** Two clients, the first of them in the room "red", both in "blue". */
async function openParty(): Promise<{ stage: Stage; ada: RawPair; ben: RawPair }> {
  const stage = await open({ logger: silentLogger });
  const [ada, ben] = [await join(stage), await join(stage)];
  await ada.socket.join(["red", "blue"]);
  await ben.socket.join("blue");
  return { stage, ada, ben };
}

/** Answers the next question of a client: `{"id":…}` of `42<id>["q"]`. */
async function answer({ client }: RawPair, args: string): Promise<void> {
  const [, id] = /^42(\d+)\[/.exec(String(await client.next())) ?? [];
  client.send(`43${id ?? ""}${args}`);
}

describe("rooms", () => {
  it("join(room | rooms), leave, rooms: happen at once, and joining does nothing after the disconnect", async () => {
    const { socket } = await join(await open());
    void socket.join("a");
    void socket.join(["b", "c"]);
    void socket.leave("b");
    expect([...socket.rooms]).toEqual([socket.id, "a", "c"]);

    socket.disconnect();
    void socket.join("late");
    expect([...socket.rooms]).toEqual([]);
  });

  itIsBetterHere("join(room | rooms), leave, rooms: refuse what is neither text nor a number", async () => {
    const { socket } = await join(await open());
    void socket.join(5 as never);

    for (const room of [{}, null, undefined, true]) expect(() => socket.join(room as never)).toThrow();
    expect([...socket.rooms]).toEqual([socket.id, "5"]);
  });

  it("Own-id room: reaches this socket alone", async () => {
    const { stage, ada, ben } = await openParty();
    stage.io.to(ada.socket.id).emit("yours");
    stage.io.emit("fence");

    expect(await ada.client.take(2)).toEqual(['42["yours"]', '42["fence"]']);
    expect(await ben.client.next()).toBe('42["fence"]');
  });

  it.each<[name: string, emit: (party: { stage: Stage; ada: RawPair }) => unknown, ada: number, ben: number]>([
    ["to", ({ stage }) => stage.io.to("red").emit("x"), 1, 0],
    ["in", ({ stage }) => stage.io.in("red").emit("x"), 1, 0],
    ["a union, each socket once", ({ stage }) => stage.io.to("red").to("blue").emit("x"), 1, 1],
    ["except", ({ stage }) => stage.io.except("red").emit("x"), 0, 1],
    ["local", ({ stage }) => stage.io.local.emit("x"), 1, 1],
    ["volatile", ({ stage }) => stage.io.volatile.emit("x"), 1, 1],
    ["compress", ({ stage }) => stage.io.compress(false).emit("x"), 1, 1],
    ["timeout", ({ stage }) => stage.io.timeout(1).emit("x"), 1, 1],
    ["broadcast", ({ ada }) => ada.socket.broadcast.emit("x"), 0, 1],
    ["socket.to", ({ ada }) => ada.socket.to("blue").emit("x"), 0, 1],
  ])("Operators: %s", async (_name, emit, forAda, forBen) => {
    const { stage, ada, ben } = await openParty();
    emit({ stage, ada });
    stage.io.emit("fence");

    expect(await ada.client.take(forAda + 1)).toEqual([...Array<string>(forAda).fill('42["x"]'), '42["fence"]']);
    expect(await ben.client.take(forBen + 1)).toEqual([...Array<string>(forBen).fill('42["x"]'), '42["fence"]']);
  });

  it("Operators: each is a new value", async () => {
    const { stage, ada, ben } = await openParty();
    const all = stage.io.to("blue");
    all.except("red");
    all.emit("x");

    expect([await ada.client.next(), await ben.client.next()]).toEqual(['42["x"]', '42["x"]']);
  });

  it("Adapter events: create-room, join-room, leave-room, delete-room", async () => {
    const { socket } = await join(await open());
    const heard: unknown[][] = [];
    for (const event of ["create-room", "join-room", "leave-room", "delete-room"]) {
      socket.nsp.adapter.on(event, (...args: unknown[]) => heard.push([event, ...args]));
    }
    void socket.join("r");
    void socket.leave("r");

    expect(heard).toEqual([
      ["create-room", "r"],
      ["join-room", "r", socket.id],
      ["leave-room", "r", socket.id],
      ["delete-room", "r"],
    ]);
  });
});

describe("acknowledged broadcasts", () => {
  it("Broadcast ack (callback): collects the first argument of each client", async () => {
    const { stage, ada, ben } = await openParty();
    const answers = called((callback) => stage.io.timeout(60_000).emit("q", callback));
    await answer(ada, '["ada",2]');
    await answer(ben, '["ben"]');

    expect(await answers).toEqual([null, ["ada", "ben"]]);
  });

  it("Broadcast ack (callback): at the timeout gives the error and what came", async () => {
    const { stage, ada } = await openParty();
    const answers = called((callback) => stage.io.timeout(50).emit("q", callback));
    await answer(ada, '["ada"]');

    expect(await answers).toEqual([expect.objectContaining({ message: "operation has timed out" }), ["ada"]]);
  });

  it("Broadcast ack (callback): without a member is called at once", async () => {
    const { stage } = await openParty();

    expect(await called((callback) => stage.io.to("nobody").timeout(60_000).emit("q", callback))).toEqual([null, []]);
  });

  itIsBetterHere("Broadcast ack (callback): without a timeout waits until everybody has answered", async () => {
    const { stage, ada, ben } = await openParty();
    const answers = called((callback) => stage.io.emit("q", callback));
    await answer(ada, '["ada"]');
    // Some time passes.
    await called((callback) => ada.socket.timeout(10).emit("never answered", callback));
    await answer(ben, '["ben"]');
    const [error, values] = await answers;

    expect(error).toBeNull();
    expect(new Set(values as string[])).toEqual(new Set(["ada", "ben"]));
  });

  itIsBetterHere("Broadcast ack (callback): a client that disconnects ends its own entry alone", async () => {
    const { stage, ada, ben } = await openParty();
    const answers = called((callback) => stage.io.timeout(60_000).emit("q", callback));
    await answer(ada, '["ada"]');
    ben.client.close();

    expect(await answers).toEqual([null, ["ada"]]);
  });

  it("Broadcast ack (promise): rejects with what came in .responses", async () => {
    const { stage, ada } = await openParty();
    const answers = stage.io.timeout(50).emitWithAck("q");
    const settled = Promise.allSettled([answers]);
    await answer(ada, '["ada"]');

    expect(await settled).toMatchObject([
      { status: "rejected", reason: { message: "operation has timed out", responses: ["ada"] } },
    ]);
  });

  itIsBetterHere("Broadcast ack (promise): io.emitWithAck and nsp.emitWithAck exist", async () => {
    const { stage, ada, ben } = await openParty();
    for (const emitter of [stage.io, stage.io.of("/")]) {
      const answers = emitter.emitWithAck("q");
      await answer(ada, "[1]");
      await answer(ben, "[1]");

      expect(await answers).toEqual([1, 1]);
    }
  });
});

describe("sockets from afar", () => {
  it("fetchSockets(): gives id, handshake, rooms and data, and what acts on them", async () => {
    const { stage, ada } = await openParty();
    ada.socket.data = { name: "ada" };
    const [remote] = await stage.io.in("red").fetchSockets();

    expect(remote).toMatchObject({ id: ada.socket.id, handshake: ada.socket.handshake, data: { name: "ada" } });
    expect([...(remote?.rooms ?? [])]).toEqual([ada.socket.id, "red", "blue"]);
    remote?.join("green");
    remote?.leave("red");
    expect([...ada.socket.rooms]).toEqual([ada.socket.id, "blue", "green"]);
    const reply = called((callback) => remote?.timeout(60_000).emit("q", callback));
    await answer(ada, '["single"]');
    expect(await reply).toEqual([null, "single"]);
    remote?.disconnect();
    expect(await ada.client.next()).toBe("41");
  });

  it("socketsJoin/Leave, disconnectSockets(close): act on all that match", async () => {
    const { stage, ada, ben } = await openParty();
    stage.io.in("blue").socketsJoin(["x", "y"]);
    stage.io.socketsLeave("y");
    await until(() => ben.socket.rooms.has("x") && !ben.socket.rooms.has("y"), "ben has moved");
    expect([...ada.socket.rooms]).toEqual([ada.socket.id, "red", "blue", "x"]);

    stage.io.in("red").disconnectSockets();
    expect(await ada.client.next()).toBe("41");
    stage.io.disconnectSockets(true);
    expect(await ben.client.closeCode()).toBe(1005);
  });

  it("allSockets(): gives the ids", async () => {
    const { stage, ada, ben } = await openParty();

    // eslint-disable-next-line @typescript-eslint/no-deprecated -- its row
    expect(await stage.io.allSockets()).toEqual(new Set([ada.socket.id, ben.socket.id]));
  });

  it.each(["connect", "connection", "new_namespace"])("serverSideEmit / …WithAck: %s is reserved", async (event) => {
    const { io } = await open();

    expect(() => io.serverSideEmit(event)).toThrow(`"${event}" is a reserved event name`);
  });

  itIsBetterHere("serverSideEmit / …WithAck: without other servers is answered with [] at once", async () => {
    const { io } = await open();

    expect(await called((callback) => io.serverSideEmit("q", callback))).toEqual([null, []]);
    expect(await io.serverSideEmitWithAck("q")).toEqual([]);
  });
});

/** As much of a Redis client of ioredis as carries messages, without a Redis behind it. */
class PubSub extends EventEmitter {
  readonly #patterns = new Set<string>();

  psubscribe(pattern: string): void {
    this.#patterns.add(pattern);
  }

  subscribe(): void {
    // All messages go to everyone, who look at the channel.
  }

  punsubscribe(): void {
    // The end of the test is the end of it.
  }

  unsubscribe(): void {
    // As above.
  }

  publish(channel: string, message: string | Buffer): void {
    const bytes = Buffer.from(message as string);
    this.emit("messageBuffer", Buffer.from(channel), bytes);
    for (const pattern of this.#patterns) {
      if (channel.startsWith(pattern.slice(0, -1))) {
        this.emit("pmessageBuffer", Buffer.from(pattern), Buffer.from(channel), bytes);
      }
    }
  }
}

describe("a cluster", () => {
  async function openCluster(): Promise<{ one: Stage; two: Stage; bus: Bus }> {
    const bus = new Bus();
    const one = await open({ adapter: bus.adapter });
    const two = await open({ adapter: bus.adapter });
    await until(async () => (await one.io.of("/").adapter.serverCount()) === 2, "the servers know of each other");
    return { one, two, bus };
  }

  it("Adapter base classes: an adapter made of ClusterAdapterWithHeartbeat joins two servers", async () => {
    const { one, two } = await openCluster();
    const far = await join(two);
    one.io.emit("x");
    expect(await far.client.next()).toBe('42["x"]');

    one.io.socketsJoin("r");
    await until(() => far.socket.rooms.has("r"), "the far socket has joined");
    expect(await one.io.in("r").fetchSockets()).toMatchObject([{ id: far.socket.id }]);
    const answers = one.io.timeout(1_000).emitWithAck("q");
    await answer(far, '["far"]');
    expect(await answers).toEqual(["far"]);
    const gone = departure(far.socket);
    one.io.disconnectSockets();
    expect((await gone)[0]).toBe("server namespace disconnect");
  });

  it("serverSideEmit / …WithAck: goes to the other servers and brings their answers", async () => {
    const { one, two } = await openCluster();
    const heard = nextEvent(two.io, "note");
    one.io.on("note", () => {
      throw new TypeError("not for the sender");
    });
    two.io.on("q", (argument: number, reply: (answer: number) => void) => {
      reply(argument + 1);
    });
    one.io.serverSideEmit("note", 1);

    expect(await heard).toEqual([1]);
    expect(await one.io.serverSideEmitWithAck("q", 1)).toEqual([2]);
  });

  it("Official adapters, Emitters: @socket.io/redis-adapter joins servers, @socket.io/redis-emitter reaches them", async () => {
    const redis = new PubSub();
    const options = { adapter: createAdapter(redis, redis) };
    const [one, two] = [await open(options), await open(options)];
    const far = await join(two);
    one.io.to(far.socket.id).emit("x");
    expect(await far.client.next()).toBe('42["x"]');
    new Emitter(redis).emit("y");

    expect(await far.client.next()).toBe('42["y"]');
  });

  it("Sticky helpers: a server takes connections that another process has accepted for it", async () => {
    const stage = await open();
    const listener: TcpServer = createTcpServer((connection: TcpSocket) => stage.http.emit("connection", connection));
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const { port } = listener.address() as AddressInfo;
    const answered = await within(
      fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`, { headers: { connection: "close" } }),
      "an answer",
    );
    listener.close();

    expect(await answered.text()).toMatch(/^0\{"sid":/);
  });
});
