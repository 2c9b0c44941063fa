import { consoleLogger, EncodeError, SendError } from "rookery/core";
import type { RawPair } from "../support/joining.js";
import type { Socket } from "../support/peer.js";
import { PollingSession } from "../support/raw-http.js";
import { taken, useSieges, type Siege } from "../support/siege.js";
import { nextEvent } from "../support/waiting.js";

type Reply = (...args: unknown[]) => void;

const besiege = useSieges();

function fail(): never {
  throw new TypeError("why");
}

/** An async function, whose type does not say so: what users pass by mistake. */
async function reject(): Promise<never> {
  return Promise.reject(new TypeError("why"));
}

/** The attacker is still served. */
async function expectServed({ client, socket }: RawPair): Promise<void> {
  socket.once("served?", (reply: Reply) => {
    reply("yes");
  });
  client.send('4277["served?"]');
  expect(await client.next()).toBe('4377["yes"]');
}

function thrown(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

/** A client that polls no more, and the server's socket of it. */
async function stuck(siege: Siege): Promise<{ session: PollingSession; socket: Socket }> {
  const joined = nextEvent(siege.io, "connection");
  const session = await PollingSession.join(siege.stage);
  const [socket] = (await joined) as [Socket];
  return { session, socket };
}

describe("handlers", () => {
  it("row 139: handler throws/rejects, emits to itself endlessly", async () => {
    const siege = await besiege({ maxEventsPerSecond: 20 });
    const pair = await siege.attack();
    pair.socket.on("throw", fail);
    pair.socket.on("reject", reject as () => void);
    pair.client.send('421["throw"]', '42["reject"]');
    await expectServed(pair);
    expect(siege.log.lines).toEqual(['error a listener of "throw" threw', 'error a listener of "reject" threw']);

    const { client, socket } = await siege.attack();
    socket.on("ping", () => socket.emit("ping"));
    client.send('42["ping"]');
    for (let n = 0; n < 20; n += 1) client.send(await client.next());
    await taken({ client, socket });
    expect(siege.log.lines.at(-1)).toBe("warn events of a client are dropped");
    expect([socket.connected, client.untaken]).toEqual([true, []]);
  });

  it("row 140: client omits the ack the handler expects", async () => {
    const siege = await besiege();
    const pair = await siege.attack();
    pair.socket.on("q", (reply: Reply) => {
      reply("answer");
    });
    pair.client.send('42["q"]');
    await expectServed(pair);

    expect(siege.log.errors).toEqual([expect.objectContaining({ message: "reply is not a function" })]);
  });

  it("row 141: handler acks twice", async () => {
    const siege = await besiege();
    const pair = await siege.attack();
    pair.socket.on("q", (reply: Reply) => {
      reply("first");
      reply("second");
    });
    pair.client.send('421["q"]');
    expect(await pair.client.next()).toBe('431["first"]');
    await expectServed(pair);

    expect(siege.log.lines).toEqual(['warn "q" was acknowledged twice']);
  });
});

describe("rooms", () => {
  it("row 142: room from client: object, null, 1 MB, `__proto__`, own or another's socket id", async () => {
    const siege = await besiege();
    const [pair, other] = [await siege.attack(), await siege.attack()];
    pair.socket.on("join", ((room: string) => pair.socket.join(room)) as () => void);
    pair.client.send(
      '42["join",{"a":1}]',
      '42["join",null]',
      '42["join",["a",[]]]',
      `42["join","${"x".repeat(900_000)}"]`,
    );
    pair.client.send('42["join","__proto__"]', `42["join","${pair.socket.id}"]`, `42["join","${other.socket.id}"]`);
    await expectServed(pair);

    expect([...pair.socket.rooms]).toEqual([pair.socket.id, "__proto__", other.socket.id]);
    expect(siege.log.errors).toEqual([
      ...Array(3).fill(expect.objectContaining({ code: "SOCKET_BAD_ROOM" })),
      expect.objectContaining({ message: "a client exceeds maxRoomLength, which is 1024" }),
      // The handler handed the refusal on: its promise is told as well.
      expect.objectContaining({ code: "SOCKET_LIMIT" }),
    ]);
    siege.io.to("__proto__").emit("reached");
    expect(await pair.client.next()).toBe('42["reached"]');
  });

  it("row 142: room from client: … another's socket id (`reserveIdRooms`)", async () => {
    const siege = await besiege({ reserveIdRooms: true });
    const [one, other] = [await siege.attack(), await siege.attack()];

    await expect(one.socket.join(["a", other.socket.id])).rejects.toMatchObject({ code: "SOCKET_ID_ROOM" });
    await one.socket.join([one.socket.id, "b"]);
    expect([...one.socket.rooms]).toEqual([one.socket.id, "b"]);
  });

  it("row 143: 50 000 rooms by one socket", async () => {
    const siege = await besiege({ maxRoomsPerSocket: 1_000 });
    const { socket } = await siege.attack();
    for (let n = 0; n < 5_000; n += 1) void socket.join(`room ${String(n)}`);
    expect(socket.rooms.size).toBe(1_000);
    expect(siege.io.sockets.adapter.rooms.size).toBeLessThanOrEqual(1_001);

    await expect(socket.join("one more")).rejects.toMatchObject({
      code: "SOCKET_LIMIT",
      message: "a client exceeds maxRoomsPerSocket, which is 1000",
    });
    await socket.join(["room 1", "room 2"]);
    siege.io.socketsJoin("by others");
    await socket.leave("room 1");
    await socket.join("one more");
    expect(socket.rooms.has("by others")).toBe(false);
    expect(socket.rooms.has("one more")).toBe(true);
  });
});

describe("floods", () => {
  it("row 144: event flood 100 000/s", async () => {
    const siege = await besiege({ maxEventsPerSecond: 1_000 });
    const { client, socket } = await siege.attack();
    let dispatched = 0;
    socket.onAny(() => (dispatched += 1));
    const refused = nextEvent(socket, "error");
    for (let n = 0; n < 5_000; n += 1) client.send('42["say"]');
    const [error] = await refused;

    expect(error).toMatchObject({
      code: "SOCKET_LIMIT",
      message: "a client exceeds maxEventsPerSecond, which is 1000",
    });
    expect(await client.closeCode()).toBe(1005);
    expect(dispatched).toBe(1_000);
    expect(siege.log.lines).toEqual(["warn events of a client are dropped"]);
  });

  it("row 144: event flood 100 000/s (who only drops behind is served again)", async () => {
    const siege = await besiege({ maxEventsPerSecond: 10 });
    const { client, socket } = await siege.attack();
    const heard: unknown[] = [];
    socket.on("say", (n: number) => heard.push(n));
    for (let n = 0; n < 15; n += 1) client.send(`42["say",${String(n)}]`);
    client.send('430["acks are not events"]');
    await taken({ client, socket });
    siege.clock.advance(2_000);
    const fence = nextEvent(socket, "fence");
    client.send('42["fence"]');
    await fence;

    expect(heard).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe("sending", () => {
  it("row 145: emit to a full/closed socket", async () => {
    const siege = await besiege({ bufferPolicy: "error", maxBufferedPackets: 3 });
    const { session, socket } = await stuck(siege);
    for (let n = 0; n < 4; n += 1) expect(socket.emit("n", n)).toBe(true);
    const error = thrown(() => socket.emit("more", 1, { two: 2 }));
    const asked = thrown(() => socket.timeout(50).emit("more", 1, fail));

    expect(error).toBeInstanceOf(SendError);
    expect(error).toMatchObject({ code: "SOCKET_BUFFER_FULL", event: "more", args: [1, { two: 2 }] });
    expect(asked).toMatchObject({ code: "SOCKET_BUFFER_FULL", args: [1] });
    expect(siege.io.emit("to everyone", 1)).toBe(true);
    const refusal = { ok: false, socketId: socket.id, error: { code: "SOCKET_BUFFER_FULL", event: "q", args: [1] } };
    expect(await socket.emitWithAck("q", 1).all()).toMatchObject([refusal]);
    expect(await siege.io.emitWithAck("q", 1).all()).toMatchObject([refusal]);
    expect(socket.acks.size).toBe(0);

    expect((await session.poll()).body).toBe([0, 1, 2, 3].map((n) => `42["n",${String(n)}]`).join("\u001e"));
    expect(socket.emit("again")).toBe(true);
    const gone = nextEvent(socket, "disconnect");
    await session.post("41");
    await gone;
    expect(socket.emit("closed")).toBe(false);
    expect(await socket.emitWithAck("q", 1).all()).toMatchObject([
      { ok: false, error: { code: "SOCKET_CLOSED", args: [1] } },
    ]);
    siege.clock.advance(100);
  });

  it('row 145: emit to a full/closed socket (`bufferPolicy` "drop" and "disconnect")', async () => {
    const dropping = await besiege({ bufferPolicy: "drop", maxBufferedPackets: 1 });
    const { session, socket } = await stuck(dropping);
    for (let n = 0; n < 10; n += 1) expect(socket.emit("n", n)).toBe(true);
    expect(await socket.emitWithAck("q").all()).toMatchObject([{ ok: false, error: { code: "SOCKET_BUFFER_FULL" } }]);
    expect((await session.poll()).body).toBe('42["n",0]\u001e42["n",1]');

    const strict = await besiege({ maxBufferedPackets: 1 });
    const slow = await stuck(strict);
    const gone = nextEvent(slow.socket, "disconnect");
    const given = slow.socket.emitWithAck("q").all();
    slow.socket.emit("n");
    expect((await gone)[0]).toBe("transport error");
    expect(await given).toMatchObject([{ ok: false, error: { code: "SOCKET_ACK_DISCONNECTED" } }]);
  });

  it("row 146: un-encodable outgoing data: BigInt, cycle, throwing `toJSON`/getter, huge string > V8 limit", async () => {
    const siege = await besiege();
    const pair = await siege.attack();
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    let deep: unknown = [];
    for (let depth = 0; depth < 200_000; depth += 1) deep = [deep];
    const getter = Object.defineProperty({}, "bad", { enumerable: true, get: fail });
    const values = {
      bigInt: 1n,
      cycle,
      deep,
      getter,
      toJSON: { toJSON: fail },
      huge: { toJSON: () => "x".repeat(2 ** 30) },
    };
    for (const [what, value] of Object.entries(values)) {
      const errors = [
        thrown(() => pair.socket.emit("x", value)),
        thrown(() => pair.socket.emit("x", value, fail)),
        thrown(() => pair.socket.timeout(50).emit("x", value, fail)),
        thrown(() => siege.io.emit("x", value)),
        thrown(() => siege.io.timeout(50).emit("x", value, fail)),
        await pair.socket.emitWithAck("x", value).catch((error: unknown) => error),
        await siege.io.emitWithAck("x", value).catch((error: unknown) => error),
      ];
      for (const error of errors) {
        expect([what, error]).toEqual([what, expect.any(EncodeError)]);
        expect((error as EncodeError).event).toBe("x");
        expect((error as EncodeError).args[0]).toBe(value);
      }
      pair.socket.once("q", (reply: Reply) => {
        expect(
          thrown(() => {
            reply(value);
          }),
        ).toBeInstanceOf(EncodeError);
        reply("another");
      });
      pair.client.send('421["q"]');
      expect(await pair.client.next()).toBe('431["another"]');
    }
    siege.clock.advance(100);
    expect(pair.socket.acks.size).toBe(0);
    await expectServed(pair);
  });

  it("row 146: un-encodable outgoing data (while the socket is connecting)", async () => {
    const siege = await besiege();
    const errors: unknown[] = [];
    siege.io.use((socket, next) => {
      errors.push(thrown(() => socket.emit("x", 1n)));
      setImmediate(next);
    });
    await expectServed(await siege.attack());

    expect(errors).toEqual([expect.any(EncodeError)]);
  });

  it("row 147: emit with `__proto__` keys, `toJSON` returning Buffer", async () => {
    const siege = await besiege();
    const { client, socket } = await siege.attack();
    socket.emit("x", JSON.parse('{"__proto__":{"a":1},"constructor":2}'));
    socket.emit("x", { toJSON: () => Buffer.from([1, 2]) }, { n: { toJSON: () => ({ b: Buffer.from([3]) }) } });

    expect(await client.next()).toBe('42["x",{"__proto__":{"a":1},"constructor":2}]');
    expect(await client.take(3)).toEqual([
      '452-["x",{"_placeholder":true,"num":0},{"n":{"b":{"_placeholder":true,"num":1}}}]',
      Buffer.from([1, 2]),
      Buffer.from([3]),
    ]);
  });
});

describe("logs", () => {
  it("row 162: log injection: newlines, ANSI, `%s`, secrets in event names, headers, reason", async () => {
    const written: string[] = [];
    const write = (text: unknown): boolean => written.push(String(text)) > 0;
    const spies = [jest.spyOn(process.stderr, "write").mockImplementation(write)];
    try {
      const siege = await besiege({ logger: consoleLogger });
      const pair = await siege.attack();
      const name = "%s\n\u001b[31merror forged\u202e";
      pair.socket.on(name, () => {
        throw new Error(name);
      });
      pair.client.send(`42[${JSON.stringify(name)}]`);
      await expectServed(pair);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }

    expect(written).toHaveLength(1);
    const [first] = written.join("").split("\n");
    expect(first).toMatch(/^error a listener of "%s\\u000a\\u001b\[31merror forged\\u202e" threw/);
    expect(written.join("")).not.toContain("\u001b");
    expect(written.join("")).not.toContain("\u202e");
  });
});
