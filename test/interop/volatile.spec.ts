import { connectionClosed, describeEveryClient, engineOf, itIf, type Pair } from "../support/clients.js";
import { Journal } from "../support/journal.js";
import type { Socket } from "../support/peer.js";
import { nextEvent, until } from "../support/waiting.js";

function clientReady({ client }: Pair): Promise<void> {
  return until(() => engineOf(client).transport.writable, "the client's transport is writable");
}

describeEveryClient("volatile events", (rig) => {
  it("reach a client whose transport is ready", async () => {
    const { client, socket } = await (await rig.open()).settledPair();
    const arrived = nextEvent(client, "tick");
    expect(socket.volatile.emit("tick", 1, { two: Buffer.from([2]) })).toBe(true);

    expect(await arrived).toEqual([1, { two: Buffer.from([2]) }]);
  });

  itIf(!rig.isOld)("reach a server when the client's transport is ready", async () => {
    const pair = await (await rig.open()).settledPair();
    const arrived = nextEvent(pair.socket, "tick");
    await clientReady(pair);
    pair.client.volatile.emit("tick", 1, "two");

    expect(await arrived).toEqual([1, "two"]);
  });

  it("are dropped by the server right after another event, which arrives", async () => {
    const { client, socket } = await (await rig.open()).settledPair();
    const heard = new Journal(client);
    socket.emit("kept", 1);
    socket.volatile.emit("lost", 2);
    socket.emit("kept", 3);
    socket.emit("fence");

    expect(await heard.before("fence")).toEqual([
      ["kept", 1],
      ["kept", 3],
    ]);
  });

  it("are dropped by the server but for the first of several in a row", async () => {
    const { client, socket } = await (await rig.open()).settledPair();
    const heard = new Journal(client);
    for (const n of [1, 2, 3]) socket.volatile.emit("tick", n);
    socket.emit("fence");

    expect(await heard.before("fence")).toEqual([["tick", 1]]);
  });

  it("make only themselves volatile", async () => {
    const { client, socket } = await (await rig.open()).settledPair();
    const heard = new Journal(client);
    socket.volatile.emit("tick", 1);
    for (const n of [2, 3, 4]) socket.emit("plain", n);
    socket.emit("fence");

    expect(await heard.before("fence")).toEqual([
      ["tick", 1],
      ["plain", 2],
      ["plain", 3],
      ["plain", 4],
    ]);
  });

  it("reach, when broadcast, those clients whose transport is ready", async () => {
    const stage = await rig.open();
    const pairs = await Promise.all([stage.settledPair(), stage.settledPair()]);
    const heard = pairs.map(({ client }) => new Journal(client));
    // Not ready any more: this event is on its way to the first client.
    pairs[0].socket.emit("kept");
    stage.io.volatile.emit("tick", 1);
    stage.io.emit("fence");

    expect(await Promise.all(heard.map((journal) => journal.before("fence")))).toEqual([[["kept"]], [["tick", 1]]]);
  });

  itIf(!rig.isOld)("are dropped by a client that is not connected yet", async () => {
    const stage = await rig.open();
    const received: unknown[][] = [];
    const fence = new Promise<void>((resolve) => {
      stage.io.on("connection", (socket: Socket) => {
        socket.on("lost", (...args) => received.push(["lost", ...args]));
        socket.on("kept", (...args) => received.push(["kept", ...args]));
        socket.on("fence", resolve);
      });
    });
    const client = stage.client();
    client.emit("kept", 1);
    client.volatile.emit("lost", 2);
    client.emit("kept", 3);
    client.emit("fence");
    await fence;

    expect(received).toEqual([
      ["kept", 1],
      ["kept", 3],
    ]);
  });

  it("go nowhere, and throw nothing, once the client is gone", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.settledPair();
    const gone = nextEvent(socket, "disconnect");
    client.disconnect();
    await gone;
    socket.volatile.emit("tick");
    socket.emit("tick");
    await connectionClosed(client);
    client.connect();
    const again = await stage.paired(client);
    const heard = new Journal(client);
    again.socket.emit("fence");

    expect(await heard.before("fence")).toEqual([]);
  });
});
