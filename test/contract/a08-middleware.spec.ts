import { silentLogger } from "rookery/core";
import { itIsBetterHere } from "../support/better-here.js";
import { called, connect, departure, join } from "../support/joining.js";
import type { Server } from "../support/peer.js";
import { send } from "../support/raw-http.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent } from "../support/waiting.js";

type Middleware = Parameters<Server["use"]>[0];

const open = useStages();
const openSilent = (): Promise<Stage> => open({ logger: silentLogger });

class Mishap extends Error {
  readonly data?: unknown;

  constructor(data?: unknown) {
    super("not authorized");
    if (data !== undefined) this.data = data;
  }
}

function fail(): never {
  throw new Mishap();
}

const failLater = (async () => fail()) as () => never;

/** What a client hears that a middleware decides about. */
async function answerOf(stage: Stage, middleware: Middleware): Promise<string> {
  stage.io.use(middleware);
  const client = await connect(stage);
  client.send("40");
  return String(await client.next());
}

describe("io.use", () => {
  it.each<[kind: string, error: Error, answer: string]>([
    ["its message", new Mishap(), '44{"message":"not authorized"}'],
    ["its data", new Mishap({ code: 7 }), '44{"message":"not authorized","data":{"code":7}}'],
  ])("`io.use((socket,next))` per namespace: an error refuses with %s", async (_kind, error, answer) => {
    const middleware: Middleware = (_socket, next) => {
      next(error);
    };

    expect(await answerOf(await open(), middleware)).toBe(answer);
  });

  it("`io.use((socket,next))` per namespace: is asked for its own namespace only", async () => {
    const stage = await open();
    stage.io.of("/x").use((_socket, next) => {
      next(new Mishap());
    });

    expect((await join(stage)).socket.connected).toBe(true);
  });

  itIsBetterHere("`io.use((socket,next))` per namespace: a throw refuses, and tells the client nothing", async () => {
    expect(await answerOf(await openSilent(), fail)).toMatch(/^44\{"message":"(?!not authorized)/);
  });

  itIsBetterHere("`io.use((socket,next))` per namespace: a rejection refuses, too", async () => {
    expect(await answerOf(await openSilent(), failLater)).toMatch(/^44\{"message":"(?!not authorized)/);
  });

  it("Order: one at a time, as they were registered", async () => {
    const stage = await open();
    const heard: string[] = [];
    for (const name of ["first", "second"]) {
      stage.io.use((_socket, next) => {
        heard.push(name);
        setImmediate(() => {
          heard.push(`${name} is done`);
          next();
        });
      });
    }
    await join(stage);

    expect(heard).toEqual(["first", "first is done", "second", "second is done"]);
  });

  it("Order: a client that goes in between is not let in", async () => {
    const stage = await open();
    let connections = 0;
    stage.io.on("connection", () => (connections += 1));
    const passed = called((passedOn) => {
      stage.io.use((socket, next) => {
        socket.conn.once("close", () => {
          next();
          setImmediate(passedOn);
        });
      });
    });
    const client = await connect(stage);
    client.send("40");
    client.close();
    await passed;

    expect(connections).toBe(0);
    expect(stage.io.sockets.sockets.size).toBe(0);
  });

  itIsBetterHere("Order: a client that a middleware disconnects leaves right after CONNECT", async () => {
    const stage = await open();
    const reasons: unknown[] = [];
    stage.io.use((socket, next) => {
      socket.on("disconnect", (reason) => reasons.push(reason));
      socket.disconnect();
      next();
    });
    const client = await connect(stage);
    client.send("40");

    expect(await client.take(2)).toEqual([expect.stringMatching(/^40\{"sid":/), "41"]);
    expect(reasons).toEqual(["server namespace disconnect"]);
  });

  itIsBetterHere("Order: next() called twice lets the client in once", async () => {
    const stage = await openSilent();
    let connections = 0;
    stage.io.on("connection", () => (connections += 1));
    stage.io.use((_socket, next) => {
      next();
      next();
    });
    const { client, socket } = await join(stage);
    socket.emit("fence");

    expect(await client.next()).toBe('42["fence"]');
    expect(connections).toBe(1);
  });

  itIsBetterHere('Order: next("text") refuses with the text', async () => {
    const middleware: Middleware = (_socket, next) => {
      next("text" as never);
    };

    expect(await answerOf(await openSilent(), middleware)).toBe('44{"message":"text"}');
  });
});

describe("socket.use", () => {
  it("`socket.use(([ev,...args],next))`: next(err) goes to the error listeners, and the packet is dropped", async () => {
    const { client, socket } = await join(await open());
    const heard: unknown[] = [];
    socket.use(([event, ...args], next) => {
      heard.push([event, args]);
      next(event === "bad" ? new Mishap() : undefined);
    });
    socket.on("bad", () => heard.push("handled"));
    const failure = nextEvent(socket, "error");
    const fence = nextEvent(socket, "fence");
    client.send('42["bad",1]', '42["fence"]');

    expect(await failure).toEqual([expect.objectContaining({ message: "not authorized" })]);
    await fence;
    expect(heard).toEqual([
      ["bad", [1]],
      ["fence", []],
    ]);
    expect(client.untaken).toEqual([]);
  });

  it("Connection-level error: goes to the error listeners, then the connection ends with forced close", async () => {
    const { client, socket } = await join(await openSilent());
    const failure = nextEvent(socket, "error");
    const gone = departure(socket);
    client.send("4not a packet");

    expect(await failure).toEqual([expect.any(Object)]);
    expect((await gone)[0]).toBe("forced close");
  });

  it("Connection-level error: harms nobody when there is no listener", async () => {
    const stage = await openSilent();
    const { client, socket } = await join(stage);
    const gone = departure(socket);
    client.send("4not a packet");
    await gone;

    expect((await join(stage)).socket.connected).toBe(true);
  });
});

describe("io.engine.use", () => {
  it("`io.engine.use(fn)`: takes what express takes, for all requests", async () => {
    const stage = await open();
    stage.io.engine.use(
      (_request: unknown, response: { setHeader: (name: string, value: string) => void }, next: () => void) => {
        response.setHeader("x-powered-by", "a middleware");
        next();
      },
    );

    for (const query of ["EIO=4&transport=polling", "EIO=4&transport=polling&sid=unknown"]) {
      expect((await send(stage, query)).headers["x-powered-by"]).toBe("a middleware");
    }
  });
});

describe("a handler that throws", () => {
  for (const [kind, handler] of [
    ["at once", fail],
    ["later", failLater],
  ] as const) {
    itIsBetterHere(`Handler throws: ${kind}, and the socket goes on`, async () => {
      const { client, socket } = await join(await openSilent());
      socket.on("boom", handler);
      const alive = called((callback) => socket.on("alive", callback));
      client.send('42["boom"]', '42["alive"]');
      await alive;

      expect(socket.connected).toBe(true);
    });
  }
});
