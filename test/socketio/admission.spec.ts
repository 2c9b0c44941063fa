import { setImmediate as nextTurn } from "node:timers/promises";
import { runInNewContext } from "node:vm";
import type { Socket } from "../../src/core.js";
import { SocketStage, type FakeClient } from "../support/socket-stage.js";

const why = new TypeError("why");
const INTERNAL = '44{"message":"Internal server error"}';

let stage: SocketStage;

beforeEach(() => {
  stage = new SocketStage();
});

/** What a client that joins the main namespace is answered, the id of its socket left out. */
async function answers(client: FakeClient = stage.connect()): Promise<unknown[]> {
  client.send("40");
  await nextTurn();
  return client.take().map((frame) => (typeof frame === "string" ? frame.replace(/"[\w-]{20}"/, '"id"') : frame));
}

const LET_IN = '40{"sid":"id"}';

describe("a connection to a namespace", () => {
  it("passes the middlewares in order, then the connect handler, then is answered, then announced", async () => {
    const order: unknown[] = [];
    const client = stage.connect();
    stage.io.use((socket, next) => {
      order.push(["first", socket.connected]);
      next();
    });
    stage.io.use(async (_socket, next) => {
      order.push(["second"]);
      next();
    });
    stage.io.sockets.dispatch.setConnect(() => {
      order.push(["handler", client.take()]);
    });
    stage.io.on("connect", (socket) => order.push(["connect", socket.connected, client.transport.frames.length]));
    stage.io.on("connection", () => order.push(["connection"]));
    client.send("40");
    await nextTurn();

    expect(order).toEqual([["first", false], ["second"], ["handler", []], ["connect", true, 1], ["connection"]]);
  });

  it("is in the namespace and in its own room when it is announced", () => {
    const seen: unknown[] = [];
    stage.io.on("connection", (socket: Socket) => {
      seen.push(stage.io.sockets.sockets.get(socket.id) === socket, socket.rooms.has(socket.id));
    });
    stage.join();

    expect(seen).toEqual([true, true]);
  });

  it("is in no namespace while it is decided on", () => {
    stage.io.use((socket, next) => {
      expect(stage.io.sockets.sockets.size).toBe(0);
      expect(socket.rooms.size).toBe(0);
      next();
    });

    expect(stage.join().socket.connected).toBe(true);
  });

  it("waits for an async connect handler", async () => {
    let letIn: () => void = () => undefined;
    stage.io.sockets.dispatch.setConnect(() => new Promise<void>((resolve) => (letIn = resolve)));
    const client = stage.connect();
    expect(await answers(client)).toEqual([]);

    letIn();
    await nextTurn();
    expect(client.take()).toHaveLength(1);
  });

  it.each<[what: string, error: unknown, answer: string]>([
    ["an error", new Error("no"), '44{"message":"no"}'],
    [
      "an error with data",
      Object.assign(new Error("no"), { data: { code: 7 } }),
      '44{"message":"no","data":{"code":7}}',
    ],
    ["text", "no", '44{"message":"no"}'],
    ["another realm's error", runInNewContext('new Error("no")'), '44{"message":"no"}'],
  ])("is refused by a middleware with %s", async (_what, error, answer) => {
    const connection = jest.fn();
    const after = jest.fn();
    stage.io.use((_socket, next) => next(error as Error));
    stage.io.use(after);
    stage.io.on("connection", connection);
    const client = stage.connect();

    expect(await answers(client)).toEqual([answer]);
    expect(connection).not.toHaveBeenCalled();
    expect(after).not.toHaveBeenCalled();
    expect(client.conn.readyState).toBe("open");
    expect(stage.log.lines).toEqual([]);
  });

  it.each<[how: string, middleware: () => unknown]>([
    [
      "throws",
      () => {
        throw why;
      },
    ],
    ["rejects", () => Promise.reject(why)],
  ])("is refused when a middleware %s, without a word of why to the client", async (_how, middleware) => {
    stage.io.use(middleware);

    expect(await answers()).toEqual([INTERNAL]);
    expect(stage.log.lines).toEqual(["error a namespace middleware threw"]);
    expect(stage.log.errors).toEqual([why]);
  });

  it("is made by a middleware's next(), whatever it throws after it, which is logged", async () => {
    stage.io.use((_socket, next) => {
      next();
      throw why;
    });

    expect(await answers()).toEqual([LET_IN]);
    expect(stage.log.lines).toEqual(["error a namespace middleware threw after its next()"]);
    expect(stage.log.errors).toEqual([why]);
  });

  it.each<[how: string, fail: (error: unknown) => unknown]>([
    [
      "throws",
      (error) => {
        throw error;
      },
    ],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- user code may
    ["rejects", (error) => Promise.reject(error)],
  ])("is refused when the connect handler %s, with its message and data", async (_how, fail) => {
    const refusals: [error: unknown, answer: string][] = [
      [new Error("no"), '44{"message":"no"}'],
      [{ message: "no", data: [1] }, '44{"message":"no","data":[1]}'],
      ["no", '44{"message":"no"}'],
      [undefined, '44{"message":"undefined"}'],
      [null, '44{"message":"null"}'],
      [Object.create(null), INTERNAL],
      [runInNewContext('new Error("no")'), '44{"message":"no"}'],
    ];
    for (const [error, answer] of refusals) {
      stage.io.sockets.dispatch.setConnect(() => fail(error) as never);

      expect(await answers()).toEqual([answer]);
    }
    expect(stage.io.sockets.sockets.size).toBe(0);
  });

  it("is refused in its own namespace", () => {
    stage.io.of("/admin").use((_socket, next) => next(new Error("no")));
    const client = stage.connect();
    client.send("40/admin,");

    expect(client.take()).toEqual(['44/admin,{"message":"no"}']);
  });

  it("may be tried again after it was refused", async () => {
    let allowed = false;
    stage.io.use((_socket, next) => next(allowed ? undefined : new Error("no")));
    const client = stage.connect();
    expect(await answers(client)).toEqual(['44{"message":"no"}']);

    allowed = true;
    expect(await answers(client)).toEqual([LET_IN]);
  });

  it.each<[what: string, data: unknown]>([
    [
      "a cycle",
      (() => {
        const value: { self?: unknown } = {};
        value.self = value;
        return value;
      })(),
    ],
    ["a big integer", 1n],
  ])("is refused without the data when that is %s", async (_what, data) => {
    stage.io.use((_socket, next) => next(Object.assign(new Error("no"), { data })));

    expect(await answers()).toEqual(['44{"message":"no"}']);
    expect(stage.log.lines).toEqual(["error the data of a refusal cannot be encoded"]);
  });

  it.each<[what: string, middleware: (socket: Socket, next: (error?: Error) => void) => unknown]>([
    [
      "next twice",
      (_socket, next) => {
        next();
        next();
      },
    ],
    [
      "next, then refuses",
      (_socket, next) => {
        next();
        next(why);
      },
    ],
    [
      "next, then throws",
      (_socket, next) => {
        next();
        throw why;
      },
    ],
  ])("is answered and announced once when a middleware calls %s", async (_what, middleware) => {
    const connection = jest.fn();
    stage.io.on("connection", connection);
    stage.io.use(middleware);

    expect(await answers()).toEqual([LET_IN]);
    expect(connection).toHaveBeenCalledTimes(1);
  });

  it("is refused once when a middleware refuses twice", async () => {
    stage.io.use((_socket, next) => {
      next(new Error("no"));
      next(new Error("never"));
    });

    expect(await answers()).toEqual(['44{"message":"no"}']);
  });

  it("is not announced when the client has gone while a middleware ran", async () => {
    const connection = jest.fn();
    let next: () => void = () => undefined;
    stage.io.use((_socket, later) => (next = later));
    stage.io.on("connection", connection);
    const client = stage.connect();
    client.send("40");
    client.transport.lose();
    next();
    await nextTurn();

    expect(connection).not.toHaveBeenCalled();
    expect(client.transport.frames).toEqual([]);
    expect(stage.io.sockets.sockets.size).toBe(0);
  });

  it("is not answered when the client has gone before it is refused", async () => {
    let refuse: (error: Error) => void = () => undefined;
    stage.io.use((_socket, next) => (refuse = next));
    const client = stage.connect();
    client.send("40");
    client.transport.lose();
    refuse(new Error("no"));
    await nextTurn();

    expect(client.transport.frames).toEqual([]);
    expect(stage.log.lines).toEqual([]);
  });

  it("leaves no room behind when it is refused", async () => {
    stage.io.use((socket, next) => {
      void socket.join("room");
      next(new Error("no"));
    });
    await answers();

    expect(stage.io.sockets.adapter.rooms.size).toBe(0);
  });

  it("is let in when listeners of connection throw or reject, which is logged", async () => {
    const last = jest.fn();
    stage.io.on("connection", () => {
      throw why;
    });
    stage.io.on("connection", jest.fn().mockRejectedValue(why));
    stage.io.on("connection", last);

    expect(await answers()).toEqual([LET_IN]);
    expect(last).toHaveBeenCalledTimes(1);
    expect(stage.log.errors).toEqual([why, why]);
  });

  it("may be ended by a listener of connection", async () => {
    stage.io.on("connection", (socket) => {
      socket.disconnect();
    });

    expect(await answers()).toEqual([LET_IN, "41"]);
  });

  it("is ended with the server while it is decided on", async () => {
    const connection = jest.fn();
    let letIn: () => void = () => undefined;
    stage.io.sockets.dispatch.setConnect(() => new Promise<void>((resolve) => (letIn = resolve)));
    stage.io.on("connection", connection);
    const client = stage.connect();
    client.send("40");
    await stage.io.close();
    letIn();
    await nextTurn();

    expect(connection).not.toHaveBeenCalled();
    expect(client.conn.readyState).toBe("closed");
    expect(stage.clock.pendingTimers).toBe(0);
  });
});

describe("middlewares", () => {
  it("are those of the namespace", () => {
    const middleware = jest.fn((_socket: unknown, next: () => void) => next());
    stage.io.of("/admin").use(middleware);
    const client = stage.connect();
    client.join();
    expect(middleware).not.toHaveBeenCalled();

    client.join("/admin");
    expect(middleware).toHaveBeenCalledTimes(1);
  });

  it("see who connects, and what it brings", () => {
    const seen: unknown[] = [];
    stage.io.use((socket, next) => {
      seen.push(socket.handshake.auth, socket.handshake.query.EIO, socket.nsp.name);
      next();
    });
    stage.connect().send('40{"token":1}');

    expect(seen).toEqual([{ token: 1 }, "4", "/"]);
  });
});
