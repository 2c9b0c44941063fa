import { setImmediate as nextTurn } from "node:timers/promises";
import type { Namespace, Socket } from "../../src/core.js";
import { SocketStage } from "../support/socket-stage.js";

const NOWHERE = '44/room-7,{"message":"Invalid namespace"}';
const LET_IN = '40/room-7,{"sid":"id"}';

let stage: SocketStage;

beforeEach(() => {
  stage = new SocketStage();
});

/** What a client that asks for "/room-7" is answered, the id of its socket left out. */
async function answers(): Promise<unknown[]> {
  const client = stage.connect();
  client.send("40/room-7,");
  await nextTurn();
  return client.take().map((frame) => String(frame).replace(/"[\w-]{20}"/, '"id"'));
}

const children = (): string[] => [...stage.io._nsps.keys()].filter((name) => name.startsWith("/room"));

describe("a namespace made on demand", () => {
  it("is made for a client whose name matches the pattern", async () => {
    stage.io.of(/^\/room-\d+$/);

    expect(await answers()).toEqual([LET_IN]);
    expect(children()).toEqual(["/room-7"]);
  });

  it("is not made for another", async () => {
    stage.io.of(/^\/hall-\d+$/);

    expect(await answers()).toEqual([NOWHERE]);
    expect(children()).toEqual([]);
  });

  it.each([/^\/room/g, /^\/room/y])("is refused for the stateful pattern %s", (pattern) => {
    expect(() => stage.io.of(pattern)).toThrow("stateful regular expressions are not supported");
  });

  it("is decided on by a function, which sees the name and what the client brings", async () => {
    const seen: unknown[] = [];
    stage.io.of((name, auth, next) => {
      seen.push(name, auth);
      setImmediate(() => next(null, true));
    });
    const client = stage.connect();
    client.send('40/room-7,{"token":1}');
    await nextTurn();
    await nextTurn();

    expect(seen).toEqual(["/room-7", { token: 1 }]);
    expect(children()).toEqual(["/room-7"]);
  });

  it.each<[how: string, decide: (next: (error: Error | null, allowed: boolean) => void) => void | Promise<void>]>([
    ["says no", (next) => next(null, false)],
    ["has an error", (next) => next(new TypeError("why"), true)],
    [
      "throws",
      () => {
        throw new TypeError("why");
      },
    ],
    ["rejects", () => Promise.reject(new TypeError("why"))],
    [
      "says no, then yes",
      (next) => {
        next(null, false);
        next(null, true);
      },
    ],
  ])("is not made when the function %s", async (_how, decide) => {
    stage.io.of((_name, _auth, next) => decide(next));

    expect(await answers()).toEqual([NOWHERE]);
    expect(children()).toEqual([]);
  });

  it("is of the first parent that allows it", async () => {
    const [first, second, third] = [
      stage.io.of((_name, _auth, next) => next(null, false)),
      stage.io.of(/^\/room/),
      stage.io.of((_name, _auth, next) => next(null, true)),
    ];
    await answers();

    expect([first, second, third].map(({ children: { size } }) => size)).toEqual([0, 1, 0]);
  });

  it("is made once for clients that ask at the same time", async () => {
    const made: string[] = [];
    stage.io.on("new_namespace", (namespace: Namespace) => made.push(namespace.name));
    stage.io.of((_name, _auth, next) => {
      setImmediate(() => next(null, true));
    });
    await Promise.all([answers(), answers()]);
    await nextTurn();

    expect(made).toEqual(["/room-7"]);
    expect(stage.io.of("/room-7").sockets.size).toBe(2);
  });

  it("has the middlewares, listeners and handlers of its parent", async () => {
    const seen: string[] = [];
    const parent = stage.io.of(/^\/room/);
    parent.use((_socket, next) => {
      seen.push("middleware");
      next();
    });
    parent.on("connection", (socket: Socket) => seen.push(socket.nsp.name));
    parent.dispatch.handle("say", (_socket, args) => seen.push(String(args[0])));
    const client = stage.connect();
    client.send("40/room-7,", '42/room-7,["say","hello"]');

    expect(seen).toEqual(["middleware", "/room-7", "hello"]);
  });

  it("hears the broadcasts of its parent", () => {
    const parent = stage.io.of(/^\/room/);
    const [one, other] = [stage.connect(), stage.connect()];
    one.send("40/room-1,");
    other.send("40/room-2,");
    one.take();
    other.take();
    parent.emit("say", 1);

    expect([one.take(), other.take()]).toEqual([['42/room-1,["say",1]'], ['42/room-2,["say",1]']]);
  });

  it("answers the broadcasts of its parent", async () => {
    const parent = stage.io.of(/^\/room/);
    const client = stage.connect();
    client.send("40/room-1,");
    const answer = parent.timeout(100).emitWithAck("ask");
    await nextTurn();
    client.send('43/room-1,0["yes"]');

    expect(await answer).toEqual(["yes"]);
  });

  it("is not told by fetchSockets of its parent", async () => {
    await expect(stage.io.of(/^\/room/).fetchSockets()).rejects.toMatchObject({
      message: "fetchSockets() is not supported on parent namespaces",
    });
  });

  it("belongs to its parent also when it is made by hand", () => {
    const parent = stage.io.of(/^\/room/);
    const child = stage.io.of("/room-7");

    expect([...parent.children]).toEqual([child]);
  });

  it("stays when its last socket leaves", () => {
    stage.io.of(/^\/room/);
    const client = stage.connect();
    client.send("40/room-7,", "41/room-7,");

    expect(children()).toEqual(["/room-7"]);
  });

  it("goes with its last socket when cleanupEmptyChildNamespaces says so", () => {
    stage = new SocketStage({ cleanupEmptyChildNamespaces: true });
    const parent = stage.io.of(/^\/room/);
    const [one, other] = [stage.connect(), stage.connect()];
    one.send("40/room-7,");
    other.send("40/room-7,");
    one.send("41/room-7,");
    expect(children()).toEqual(["/room-7"]);

    other.transport.lose();
    expect(children()).toEqual([]);
    expect(parent.children.size).toBe(0);
  });

  it("is not made beyond maxDynamicNamespaces, while those that exist go on", async () => {
    stage = new SocketStage({ maxDynamicNamespaces: 1 });
    stage.io.of(/^\/room/);
    const client = stage.connect();
    client.send("40/room-1,");

    expect(await answers()).toEqual([NOWHERE]);
    stage.connect().send("40/room-1,");
    expect(stage.io.of("/room-1").sockets.size).toBe(2);
  });
});
