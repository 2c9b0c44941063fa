import { describeEveryClient, itIf, managerOf } from "../support/clients.js";
import type { Socket } from "../support/peer.js";
import { LOSSES, QUICK } from "../support/losses.js";
import { nextEvent } from "../support/waiting.js";

describeEveryClient("reconnecting", (rig) => {
  for (const [name, lose] of Object.entries(LOSSES)) {
    it(`gives the same client a new socket after ${name}`, async () => {
      const stage = await rig.open();
      const first = await stage.settledPair(QUICK);
      const attempts = nextEvent(managerOf(first.client), "reconnect");
      const gone = Promise.all([nextEvent(first.client, "disconnect"), nextEvent(first.socket, "disconnect")]);
      lose(stage, first);
      await gone;
      const second = await stage.paired(first.client);

      expect(second.socket.id).not.toBe(first.socket.id);
      expect(second.socket.recovered).toBe(false);
      expect(await attempts).toEqual([1]);
      expect([...stage.io.of("/").sockets.keys()]).toEqual([second.socket.id]);
    });

    it(`brings what the client emitted while away, once and in order, after ${name}`, async () => {
      const stage = await rig.open();
      const pair = await stage.settledPair(QUICK);
      const received: unknown[][] = [];
      const fence = new Promise<void>((resolve) => {
        stage.io.on("connection", (socket: Socket) => {
          socket.on("away", (...args) => received.push(args));
          socket.on("fence", resolve);
        });
      });
      pair.client.on("disconnect", () => {
        pair.client.emit("away", 1, Buffer.from([1]));
        pair.client.emit("away", 2);
        pair.client.emit("fence");
      });
      lose(stage, pair);
      await fence;

      expect(received).toEqual([[1, Buffer.from([1])], [2]]);
    });
  }

  it("answers what was asked while away", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.settledPair(QUICK);
    stage.io.on("connection", (next: Socket) => next.on("q", (answer) => answer(next.id)));
    const answer = new Promise((resolve) => client.on("disconnect", () => client.emit("q", resolve)));
    socket.conn.close();
    const second = await stage.paired(client);

    expect(await answer).toBe(second.socket.id);
  });

  it("starts without the rooms and the data of the lost socket", async () => {
    const stage = await rig.open();
    const first = await stage.settledPair(QUICK);
    await first.socket.join("room");
    first.socket.data.name = "Ada";
    first.socket.conn.close();
    const second = await stage.paired(first.client);

    expect([...second.socket.rooms]).toEqual([second.socket.id]);
    expect(second.socket.data).toEqual({});
  });

  it("brings every namespace of the connection back", async () => {
    const stage = await rig.open();
    stage.io.of("/admin");
    const main = await stage.settledPair(QUICK);
    const admin = await stage.paired(stage.sibling(main.client, "/admin"), "/admin");
    main.socket.conn.close();
    const [mainAgain, adminAgain] = await Promise.all([
      stage.paired(main.client),
      stage.paired(admin.client, "/admin"),
    ]);

    expect(mainAgain.socket.conn).toBe(adminAgain.socket.conn);
    expect(mainAgain.socket.id).not.toBe(main.socket.id);
    expect(adminAgain.socket.id).not.toBe(admin.socket.id);
  });

  itIf(!rig.isOld)("does not happen by itself after the server disconnected the socket", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.settledPair(QUICK);
    const gone = nextEvent(client, "disconnect");
    socket.disconnect();
    await gone;

    expect(client.active).toBe(false);
    expect(stage.io.of("/").sockets.size).toBe(0);
  });
});
