import { createServer } from "node:net";
import { describeEveryClient } from "../support/clients.js";
import { nextEvent } from "../support/waiting.js";

describeEveryClient("closing the server", (rig) => {
  it("tells every socket and every client the reason", async () => {
    const stage = await rig.open();
    stage.io.of("/admin");
    const pairs = await Promise.all([stage.settledPair(), stage.settledPair()]);
    const admin = await stage.paired(stage.sibling(pairs[0].client, "/admin"), "/admin");
    const all = [...pairs, admin];
    const sockets = Promise.all(all.map(({ socket }) => nextEvent(socket, "disconnect")));
    const clients = Promise.all(all.map(({ client }) => nextEvent(client, "disconnect")));
    await stage.io.close();

    expect((await sockets).map(([reason]) => reason)).toEqual(Array(3).fill("server shutting down"));
    // A polling client may be between two polls and find the port closed.
    const expected = rig.plan === "polling" ? /^transport (?:close|error)$/ : /^transport close$/;
    for (const [reason] of await clients) expect(reason).toMatch(expected);
    expect(stage.io.of("/").sockets.size).toBe(0);
  });

  it("fires disconnecting and disconnect before the promise resolves", async () => {
    const stage = await rig.open();
    const { socket } = await stage.settledPair();
    await socket.join("room");
    const order: unknown[] = [];
    socket.on("disconnecting", (reason) => order.push("disconnecting", reason, socket.rooms.has("room")));
    socket.on("disconnect", (reason) => order.push("disconnect", reason, socket.rooms.has("room")));
    await stage.io.close(() => order.push("callback"));
    order.push("closed");

    const reason = "server shutting down";
    expect(order).toEqual(["disconnecting", reason, true, "disconnect", reason, false, "callback", "closed"]);
  });

  it("closes the HTTP server and frees the port", async () => {
    const stage = await rig.open();
    const { port } = stage.stage;
    await stage.settledPair();
    await stage.io.close();
    expect(stage.stage.http.listening).toBe(false);

    const next = createServer();
    await new Promise<void>((resolve, reject) => {
      next.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
    expect(next.address()).toMatchObject({ port });
    await new Promise((resolve) => next.close(resolve));
  });

  it("leaves no TCP connection open", async () => {
    const stage = await rig.open();
    await Promise.all([stage.settledPair(), stage.settledPair()]);
    const ended = nextEvent(stage.stage.http, "close");
    await stage.io.close();
    await ended;

    const count = await new Promise((resolve, reject) => {
      stage.stage.http.getConnections((error, connections) => {
        if (error === null) resolve(connections);
        else reject(error);
      });
    });
    expect(count).toBe(0);
  });

  it("refuses whoever comes afterwards", async () => {
    const stage = await rig.open();
    await stage.settledPair();
    const { url } = stage.stage;
    await stage.io.close();
    const [error] = await nextEvent(stage.clientAt(url), "connect_error");

    expect(error).toBeInstanceOf(Error);
  });

  it("disconnects the sockets of one namespace by disconnectSockets", async () => {
    const stage = await rig.open();
    const pairs = await Promise.all([stage.pair(), stage.pair()]);
    const ends = Promise.all(pairs.map(({ client }) => nextEvent(client, "disconnect")));
    stage.io.disconnectSockets();

    expect((await ends).map(([reason]) => reason)).toEqual(["io server disconnect", "io server disconnect"]);
  });
});
