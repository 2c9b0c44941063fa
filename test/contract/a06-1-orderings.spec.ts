import { setImmediate as nextTurn } from "node:timers/promises";
import { silentLogger } from "rookery/core";
import { connect, departure, join } from "../support/joining.js";
import { useStages } from "../support/stage.js";
import { deferred, nextEvent, until, within } from "../support/waiting.js";

const open = useStages();

describe("orderings", () => {
  it("1. Packets to one client: are delivered in the order in which they were emitted", async () => {
    const stage = await open();
    const { client, socket } = await join(stage);
    for (let n = 0; n < 100; n += 1) {
      if (n % 2 === 0) socket.emit("n", n);
      else stage.io.emit("n", n);
    }

    expect(await client.take(100)).toEqual(Array.from({ length: 100 }, (_, n) => `42["n",${n}]`));
  });

  it("1. Packets to one client: an async socket.use lets later incoming events overtake earlier ones", async () => {
    const { client, socket } = await join(await open());
    const slow = deferred<undefined>();
    socket.use(([event], next) => {
      if (event === "slow") void slow.promise.then(() => next());
      else next();
    });
    const heard: string[] = [];
    socket.on("fast", () => {
      heard.push("fast");
      slow.resolve(undefined);
    });
    socket.on("slow", () => heard.push("slow"));
    const last = nextEvent(socket, "slow");
    client.send('42["slow"]', '42["fast"]');
    await last;

    expect(heard).toEqual(["fast", "slow"]);
  });

  it("2. An incoming event: goes to onAny, then the socket.use chain, then the listeners", async () => {
    const { client, socket } = await join(await open());
    const heard: string[] = [];
    socket.on("a", () => heard.push("on"));
    for (const name of ["use 1", "use 2"]) {
      socket.use((_event, next) => {
        heard.push(name);
        next();
      });
    }
    socket.onAny(() => heard.push("onAny"));
    const last = nextEvent(socket, "a");
    client.send('42["a"]');
    await last;

    expect(heard).toEqual(["onAny", "use 1", "use 2", "on"]);
  });

  it("3. A departure: disconnecting with rooms, the adapter's events, disconnect without rooms", async () => {
    const { client, socket } = await join(await open());
    await socket.join("r");
    const heard: unknown[][] = [];
    for (const event of ["disconnecting", "disconnect"] as const) {
      socket.on(event, () => heard.push([event, [...socket.rooms]]));
    }
    for (const event of ["leave-room", "delete-room"]) {
      socket.nsp.adapter.on(event, (room: string) => heard.push([event, room]));
    }
    const gone = departure(socket);
    client.close();
    await gone;

    expect(heard).toEqual([
      ["disconnecting", [socket.id, "r"]],
      ["leave-room", socket.id],
      ["delete-room", socket.id],
      ["leave-room", "r"],
      ["delete-room", "r"],
      ["disconnect", []],
    ]);
  });

  it("4b. A client that leaves while a namespace middleware runs: never gets a connection event", async () => {
    const stage = await open();
    const seen = deferred<() => void>();
    let connections = 0;
    stage.io.on("connection", () => (connections += 1));
    stage.io.use((_socket, next) => {
      seen.resolve(next);
    });
    const client = await connect(stage);
    client.send("40");
    const next = await within(seen.promise, "the middleware's turn");
    client.close();
    await until(() => stage.io.engine.clientsCount === 0, "the client has gone");
    next();
    await nextTurn();

    expect(connections).toBe(0);
    expect(stage.io.sockets.sockets.size).toBe(0);
  });

  it("5. The CONNECT reply: is sent before the connection listeners run", async () => {
    const stage = await open();
    stage.io.on("connection", (socket) => socket.emit("hello"));
    const client = await connect(stage);
    client.send("40");

    expect(await client.take(2)).toEqual([expect.stringMatching(/^40\{"sid":/), '42["hello"]']);
  });

  it("5. Incoming events: are dispatched after the code that runs", async () => {
    const { client, socket } = await join(await open({ logger: silentLogger }));
    const heard: string[] = [];
    socket.on("a", () => {
      heard.push("a begins");
      socket.emit("hello");
      heard.push("a ends");
    });
    socket.on("b", () => heard.push("b"));
    const last = nextEvent(socket, "b");
    client.send('42["a"]', '42["b"]');
    await last;

    expect(heard).toEqual(["a begins", "a ends", "b"]);
  });

  it("6. Events sent while the connection listener awaits: are lost for listeners attached afterwards", async () => {
    const stage = await open();
    const arrived = deferred<undefined>();
    const heard: unknown[] = [];
    stage.io.on("connection", (socket) => {
      socket.on("second", () => arrived.resolve(undefined));
      void arrived.promise.then(() => socket.on("n", (n) => heard.push(n)));
    });
    const { client, socket } = await join(stage);
    client.send('42["n",1]', '42["n",2]', '42["second"]');
    await arrived.promise;
    const last = nextEvent(socket, "fence");
    client.send('42["n",3]', '42["fence"]');
    await last;

    expect(heard).toEqual([3]);
  });
});
