import { setImmediate as nextTurn } from "node:timers/promises";
import { joinOn } from "../support/joining.js";
import type { Server, Socket } from "../support/peer.js";
import { PollingSession } from "../support/raw-http.js";
import type { RawWebSocket } from "../support/raw-websocket.js";
import { useSieges, type Siege } from "../support/siege.js";
import { deferred, nextEvent, until } from "../support/waiting.js";

const besiege = useSieges();

const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

/** What the server answers to a CONNECT, sent on a connection of its own. */
async function answerTo(siege: Siege, frame: string): Promise<string> {
  const client = await siege.connect();
  client.send(frame);
  return String(await client.next());
}

/** How a connection ends that sends these frames, and the frames that came before. */
async function closing(siege: Siege, ...frames: string[]): Promise<{ code: number; answers: readonly unknown[] }> {
  const client = await siege.connect();
  client.send(...frames);
  return { code: await client.closeCode(), answers: client.untaken };
}

/** Counts the sockets that join "/". */
function countConnections(io: Server): () => number {
  let count = 0;
  io.on("connection", () => (count += 1));
  return () => count;
}

const childCount = (io: Server): number => [...io._nsps.keys()].filter((name) => name.startsWith("/room-")).length;

describe("names of namespaces", () => {
  it("row 128: namespace without leading `/`, `/a,b`; `/../`, `/__proto__`, query in EIO4 name (`/a?x=1`), 900 kB name", async () => {
    const siege = await besiege();
    for (const frame of ["40a,", "40/a,b", "40/a,b,{}", `40/${"x".repeat(900_000)},`, `40/${"x".repeat(256)}`]) {
      expect([frame.slice(0, 20), await closing(siege, frame)]).toEqual([
        frame.slice(0, 20),
        { code: 1005, answers: [] },
      ]);
    }
    for (const name of ["/../", "/__proto__", "/constructor", "/bystanders?x=1", "/b%2fx", `/${"x".repeat(255)}`]) {
      expect(await answerTo(siege, `40${name},`)).toBe(`44${name},{"message":"Invalid namespace"}`);
    }
  });

  it("row 129: CONNECT flood to invalid namespaces", async () => {
    const siege = await besiege();
    const { client, socket } = await siege.attack();
    const refused = nextEvent(socket, "error");
    for (let n = 0; n < 1_500; n += 1) client.send(`40/nowhere-${String(n)},`);
    const [error] = await refused;

    expect(error).toMatchObject({
      code: "SOCKET_LIMIT",
      message: "a client exceeds maxConnectsPerSecond, which is 1000",
    });
    expect(await client.closeCode()).toBe(1005);
    expect(client.untaken).toHaveLength(999);
  });

  it("row 129: CONNECT flood to invalid namespaces (`maxConnectsPerSecond`: who waits may go on)", async () => {
    const siege = await besiege({ maxConnectsPerSecond: 2 });
    const client = await siege.connect();
    for (let round = 0; round < 3; round += 1) {
      client.send("40/a,", "40/b,");
      expect(await client.take(2)).toHaveLength(2);
      siege.clock.advance(1_000);
    }
    client.send("40/a,", "40/b,", "40/c,");

    expect(await client.closeCode()).toBe(1005);
  });

  it("row 130: 5 000 dynamic namespaces by one client", async () => {
    const siege = await besiege({ maxDynamicNamespaces: 50 }, (io) => io.of(/^\/room-\d+$/));
    const { client } = await siege.attack();
    for (let n = 0; n < 60; n += 1) client.send(`40/room-${String(n)},`);
    const answers = await client.take(60);

    expect(answers.filter((answer) => String(answer).startsWith("40/room-"))).toHaveLength(50);
    expect(answers.slice(50)).toContain('44/room-50,{"message":"Invalid namespace"}');
    expect(childCount(siege.io)).toBe(50);

    client.send("41/room-3,", "40/room-60,");
    expect(await client.next()).toMatch(/^40\/room-60,\{"sid":/);
    expect([...siege.io._nsps.keys()]).not.toContain("/room-3");
    expect(childCount(siege.io)).toBe(50);
  });

  it("row 130: 5 000 dynamic namespaces by one client (at a time: `maxNamespacesPerConnection`)", async () => {
    const siege = await besiege({ maxNamespacesPerConnection: 20 }, (io) => io.of(/^\/room-\d+$/));
    const { client, socket } = await siege.attack();
    const refused = nextEvent(socket, "error");
    for (let n = 0; n < 30; n += 1) client.send(`40/room-${String(n)},`);
    const [error] = await refused;

    expect(error).toMatchObject({ message: "a client exceeds maxNamespacesPerConnection, which is 20" });
    expect(await client.closeCode()).toBe(1005);
    expect(childCount(siege.io)).toBe(19);
  });

  it("row 130: 5 000 dynamic namespaces by one client (`cleanupEmptyChildNamespaces` waits for who is still joining)", async () => {
    const joining = deferred<() => void>();
    const siege = await besiege({ cleanupEmptyChildNamespaces: true }, (io) => {
      io.of(/^\/room-\d+$/).use((socket, next) => {
        if (socket.handshake.auth.slow === true) joining.resolve(next);
        else next(new Error("refused"));
      });
    });
    const slow = await siege.connect();
    slow.send('40/room-1,{"slow":true}');
    const proceed = await joining.promise;
    expect(await answerTo(siege, "40/room-1,")).toBe('44/room-1,{"message":"refused"}');
    proceed();
    expect(await slow.next()).toMatch(/^40\/room-1,/);
    siege.io.of("/room-1").emit("say");

    expect(await slow.next()).toBe('42/room-1,["say"]');
    slow.send("41/room-1,");
    await until(() => childCount(siege.io) === 0, "the namespace has gone");
  });

  it("row 163: regular expression DoS: namespace regex on 100 kB input; reject `/g`, `/y`", async () => {
    const seen: string[] = [];
    const siege = await besiege({}, (io) => {
      io.of(/^\/(a|aa)+$/);
      io.of((name, _auth, next) => {
        seen.push(name);
        next(null, false);
      });
    });
    expect(await closing(siege, `40/${"a".repeat(100_000)}b,`)).toEqual({ code: 1005, answers: [] });

    expect(seen).toEqual([]);
    for (const pattern of [/x/g, /x/y]) {
      expect(() => siege.io.of(pattern)).toThrow("stateful regular expressions are not supported");
    }
  });
});

describe("joining a namespace", () => {
  it("row 131: 2 000 × `40` in one POST", async () => {
    const siege = await besiege();
    const count = countConnections(siege.io);
    const session = await PollingSession.open(siege.stage);
    await session.post(Array(2_000).fill("40").join("\u001e"));
    expect(count()).toBeLessThanOrEqual(1);
    await until(() => session.isGone(), "the session has ended");
  });

  it("row 131: 5 000 × `40` over WS (while a middleware thinks)", async () => {
    const siege = await besiege();
    const count = countConnections(siege.io);
    siege.io.use((_socket, next) => {
      setImmediate(next);
    });
    const client = await siege.connect();
    for (let n = 0; n < 5_000; n += 1) client.send("40");

    expect(await client.closeCode()).toBe(1005);
    await nextTurn();
    expect(count()).toBe(0);
    expect(siege.io.sockets.sockets.size).toBe(0);
  });

  it("row 132: CONNECT with auth array, string, number; 100 000 deep; 1 MB", async () => {
    const siege = await besiege();
    const frames = ["40[]", '40"x"', "401.5", "40null", "40true", `40{"a":${nested(100_000)}}`];
    for (const frame of [...frames, `40{"a":"${"x".repeat(900_000)}"}`, `40{"a":"${"é".repeat(40_000)}"}`]) {
      expect([frame.slice(0, 10), await closing(siege, frame)]).toEqual([
        frame.slice(0, 10),
        { code: 1005, answers: [] },
      ]);
    }
    const strict = await besiege({ maxAuthBytes: 100 });
    expect(await closing(strict, `40{"a":"${"x".repeat(100)}"}`)).toMatchObject({ code: 1005 });
    expect(await answerTo(siege, `40{"a":"${"x".repeat(65_000)}"}`)).toMatch(/^40\{"sid":/);
    expect(await answerTo(siege, "401")).toMatch(/^40\{"sid":/);
  });

  it("row 133: CONNECT_ERROR, DISCONNECT with data, from client", async () => {
    const siege = await besiege();
    for (const frame of ['44{"message":"no"}', "44", '44"no"', '41{"a":1}', '41["x"]', "411[]"]) {
      expect([frame, await siege.reactionTo(frame)]).toEqual([frame, ["forced close", 1005]]);
    }
  });

  it("row 135: `41`,`40` pairs 3 000 times as fast as possible", async () => {
    const siege = await besiege();
    const count = countConnections(siege.io);
    const client = await siege.connect();
    for (let n = 0; n < 3_000; n += 1) client.send("40", "41");

    expect(await client.closeCode()).toBe(1005);
    expect(count()).toBe(1_000);
    expect(siege.io.sockets.sockets.size).toBe(0);
    expect(siege.io.sockets.adapter.sids.size).toBe(0);
  });
});

describe("middlewares", () => {
  /** What a client hears that tries to join past this middleware. */
  async function heardPast(middleware: Parameters<Server["use"]>[0]): Promise<{ siege: Siege; answer: string }> {
    const siege = await besiege();
    siege.io.use(middleware);
    return { siege, answer: await answerTo(siege, "40") };
  }

  it("row 136: middleware never answers", async () => {
    const siege = await besiege();
    siege.io.use(() => undefined);
    const client = await siege.connect();
    client.send("40");
    await until(() => siege.io.engine.clientsCount === 2, "the client is there");
    siege.clock.advance(45_001);

    expect(await client.closeCode()).toBe(1005);
    expect(siege.io.sockets.sockets.size).toBe(0);
  });

  it.each<[how: string, middleware: Parameters<Server["use"]>[0], answer: string]>([
    [
      "throws",
      () => {
        throw new Error("secret");
      },
      '44{"message":"Internal server error"}',
    ],
    ["rejects", async () => Promise.reject(new Error("secret")), '44{"message":"Internal server error"}'],
    [
      '`next("text")`',
      (_socket, next) => {
        next("text" as never);
      },
      '44{"message":"text"}',
    ],
    [
      "error with cyclic `data`",
      (_socket, next) => {
        const data: Record<string, unknown> = {};
        data.self = data;
        next(Object.assign(new Error("no entry"), { data }));
      },
      '44{"message":"no entry"}',
    ],
    [
      "error whose `message` is no text",
      (_socket, next) => {
        next({ message: { deep: 1 } } as never);
      },
      '44{"message":"[object Object]"}',
    ],
  ])("row 136: middleware %s", async (_how, middleware, answer) => {
    expect((await heardPast(middleware)).answer).toBe(answer);
  });

  it("row 136: middleware calls next twice", async () => {
    const siege = await besiege();
    const count = countConnections(siege.io);
    siege.io.use((_socket, next) => {
      next();
      next(new Error("changed my mind"));
      next();
    });
    const { client } = await siege.attack();
    siege.io.emit("fence");

    expect(await client.next()).toBe('42["fence"]');
    expect(count()).toBe(1);
  });

  it("row 137: client leaves while middleware runs / while handler awaits", async () => {
    const siege = await besiege();
    const count = countConnections(siege.io);
    const running = deferred<{ socket: Socket; next: () => void }>();
    siege.io.use((socket, next) => {
      running.resolve({ socket, next });
    });
    const leaver = await siege.connect();
    leaver.send("40");
    const { socket, next } = await running.promise;
    const closed = nextEvent(socket.conn, "close");
    leaver.close();
    await closed;
    next();
    await nextTurn();
    expect(count()).toBe(0);
    expect(siege.io.sockets.sockets.size).toBe(0);
    expect(siege.io.sockets.adapter.sids.size).toBe(0);
  });

  it("row 137: client leaves while middleware runs / while handler awaits (what it says afterwards goes nowhere)", async () => {
    const siege = await besiege();
    const { client, socket } = await siege.attack();
    const asked = deferred<(answer: string) => void>();
    socket.on("q", (reply: (answer: string) => void) => {
      asked.resolve(reply);
    });
    client.send('421["q"]');
    const reply = await asked.promise;
    const gone = nextEvent(socket, "disconnect");
    client.close();
    await gone;
    reply("too late");

    expect(socket.emit("late")).toBe(false);
    expect(siege.log.lines).toEqual([]);
  });

  it("row 138: no namespace joined", async () => {
    const siege = await besiege({ connectTimeout: 1_000 });
    const idle: RawWebSocket[] = [await siege.connect(), await siege.connect()];
    idle[1]?.send("40/nowhere,");
    await idle[1]?.next();
    siege.clock.advance(1_001);

    for (const client of idle) expect(await client.closeCode()).toBe(1005);
  });

  it("row 138: no namespace joined (who has joined may leave again)", async () => {
    const siege = await besiege({ connectTimeout: 1_000 });
    const { client } = await siege.attack();
    client.send("41");
    siege.clock.advance(2_000);

    expect((await joinOn(siege.stage, client)).socket.connected).toBe(true);
  });
});
