import { describeEveryClient, itIf, type ClientStage, type Pair } from "../support/clients.js";
import { Journal } from "../support/journal.js";
import type { Socket } from "../support/peer.js";
import { nextEvent } from "../support/waiting.js";

/** A client of "/" and one of "/admin" on the same connection. */
async function twoNamespaces(stage: ClientStage): Promise<{ main: Pair; admin: Pair }> {
  stage.io.of("/admin");
  const main = await stage.pair();
  const admin = await stage.paired(stage.sibling(main.client, "/admin"), "/admin");
  return { main, admin };
}

describeEveryClient("namespaces", (rig) => {
  it("share one connection, each with a socket and an id of its own", async () => {
    const stage = await rig.open();
    const { main, admin } = await twoNamespaces(stage);

    expect(admin.socket.conn).toBe(main.socket.conn);
    expect(admin.socket.id).not.toBe(main.socket.id);
    expect(admin.socket.nsp.name).toBe("/admin");
    expect(main.socket.nsp.name).toBe("/");
    expect(stage.io.engine.clientsCount).toBe(1);
  });

  itIf(!rig.isOld)("are joined by a client that does not join the main one", async () => {
    const stage = await rig.open();
    stage.io.of("/admin");
    const { socket } = await stage.pair("/admin");

    expect(socket.nsp.name).toBe("/admin");
    expect(stage.io.of("/").sockets.size).toBe(0);
  });

  it("keep their events apart", async () => {
    const stage = await rig.open();
    const { main, admin } = await twoNamespaces(stage);
    const [heardMain, heardAdmin] = [new Journal(main.client), new Journal(admin.client)];
    stage.io.emit("say", "main");
    stage.io.of("/admin").emit("say", "admin", Buffer.from([1]));
    for (const { socket } of [main, admin]) socket.emit("fence");

    expect(await heardMain.before("fence")).toEqual([["say", "main"]]);
    expect(await heardAdmin.before("fence")).toEqual([["say", "admin", Buffer.from([1])]]);
  });

  it("bring a client's events to its socket of that namespace", async () => {
    const stage = await rig.open();
    const { main, admin } = await twoNamespaces(stage);
    const received: unknown[][] = [];
    main.socket.on("say", (...args) => received.push(["main", ...args]));
    admin.socket.on("say", (...args) => received.push(["admin", ...args]));
    const fence = nextEvent(admin.socket, "fence");
    main.client.emit("say", 1);
    admin.client.emit("say", 2, Buffer.from([2]));
    main.client.emit("say", 3);
    admin.client.emit("fence");
    await fence;

    expect(received).toEqual([
      ["main", 1],
      ["admin", 2, Buffer.from([2])],
      ["main", 3],
    ]);
  });

  it("keep their acknowledgements apart", async () => {
    const stage = await rig.open();
    const { main, admin } = await twoNamespaces(stage);
    for (const [name, { client, socket }] of Object.entries({ main, admin })) {
      client.on("q", (answer) => answer(`${name} client`));
      socket.on("q", (answer) => answer(`${name} server`));
    }
    const ask = (end: { emit(event: string, answer: (text: string) => void): unknown }): Promise<string> =>
      new Promise((resolve) => end.emit("q", resolve));

    expect(await Promise.all([main.socket, admin.socket, main.client, admin.client].map(ask))).toEqual([
      "main client",
      "admin client",
      "main server",
      "admin server",
    ]);
  });

  it("keep rooms of the same name apart", async () => {
    const stage = await rig.open();
    const { main, admin } = await twoNamespaces(stage);
    await main.socket.join("room");
    await admin.socket.join("room");
    const [heardMain, heardAdmin] = [new Journal(main.client), new Journal(admin.client)];
    stage.io.of("/admin").to("room").emit("say");
    for (const { socket } of [main, admin]) socket.emit("fence");

    expect(await heardMain.before("fence")).toEqual([]);
    expect(await heardAdmin.before("fence")).toEqual([["say"]]);
  });

  itIf(!rig.isOld)("have middlewares and auth of their own", async () => {
    const stage = await rig.open();
    stage.io.of("/admin").use((socket, next) => {
      next(socket.handshake.auth.role === "admin" ? undefined : new Error("admins only"));
    });
    const { client } = await stage.pair();
    const [error] = await nextEvent(stage.sibling(client, "/admin"), "connect_error");

    expect(error).toHaveProperty("message", "admins only");
    expect(client.connected).toBe(true);
    const admin = await stage.pair("/admin", { auth: { role: "admin" } });
    expect(admin.socket.handshake.auth).toEqual({ role: "admin" });
  });

  itIf(!rig.isOld)("that do not exist are refused while the others on the connection go on", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    const [error] = await nextEvent(stage.sibling(client, "/nowhere"), "connect_error");
    expect(error).toHaveProperty("message", "Invalid namespace");

    const arrived = nextEvent(socket, "still here");
    client.emit("still here", 1);
    expect(await arrived).toEqual([1]);
  });

  it("are left one by one", async () => {
    const stage = await rig.open();
    const { main, admin } = await twoNamespaces(stage);
    const gone = nextEvent(admin.socket, "disconnect");
    admin.client.disconnect();
    expect(await gone).toEqual(["client namespace disconnect"]);
    expect(stage.io.of("/admin").sockets.size).toBe(0);

    const arrived = nextEvent(main.client, "still here");
    main.socket.emit("still here", 1);
    expect(await arrived).toEqual([1]);
  });

  it("are left one by one when the server disconnects", async () => {
    const stage = await rig.open();
    const { main, admin } = await twoNamespaces(stage);
    const gone = nextEvent(admin.client, "disconnect");
    admin.socket.disconnect();
    expect((await gone)[0]).toBe("io server disconnect");

    const arrived = nextEvent(main.socket, "still here");
    main.client.emit("still here", 1);
    expect(await arrived).toEqual([1]);
  });

  itIf(!rig.isOld)("are joined again on the same connection", async () => {
    const stage = await rig.open();
    const { main, admin } = await twoNamespaces(stage);
    const gone = nextEvent(admin.socket, "disconnect");
    admin.client.disconnect();
    await gone;
    admin.client.connect();
    const again = await stage.paired(admin.client, "/admin");

    expect(again.socket.id).not.toBe(admin.socket.id);
    expect(again.socket.conn).toBe(main.socket.conn);
  });

  it("all end when the server closes the connection of one", async () => {
    const stage = await rig.open();
    const { main, admin } = await twoNamespaces(stage);
    const ends = Promise.all([main, admin].map(({ client }) => nextEvent(client, "disconnect")));
    const sockets = Promise.all([main, admin].map(({ socket }) => nextEvent(socket, "disconnect")));
    admin.socket.disconnect(true);

    expect((await ends).map(([reason]) => reason)).toEqual(["io server disconnect", "io server disconnect"]);
    expect((await sockets).map(([reason]) => reason)).toEqual([
      "server namespace disconnect",
      "server namespace disconnect",
    ]);
  });

  it("are found without a leading slash", async () => {
    const stage = await rig.open();
    const admin = stage.io.of("admin");
    expect(admin.name).toBe("/admin");
    expect(stage.io.of("/admin")).toBe(admin);

    const { socket } = await stage.pair("/admin");
    expect(admin.sockets.get(socket.id)).toBe(socket);
  });

  itIf(!rig.isOld)("may have unicode, slashes and a query in their names", async () => {
    const stage = await rig.open();
    const { client } = await stage.pair();
    for (const name of ["/a/b/c", "/räume 🐦", "/a.b-c_d"]) {
      const connected = nextEvent(stage.io.of(name), "connection");
      const sibling = stage.sibling(client, name);
      const arrived = nextEvent(sibling, "welcome");
      const [socket] = (await connected) as [Socket];
      socket.emit("welcome", socket.nsp.name);

      expect(await arrived).toEqual([name]);
    }
  });

  it("fire their own connection events only", async () => {
    const stage = await rig.open();
    const fired: string[] = [];
    for (const name of ["/", "/admin", "/other"]) stage.io.of(name).on("connection", () => fired.push(name));
    await twoNamespaces(stage);

    expect(fired).toEqual(["/", "/admin"]);
  });

  it("announce that they were made", async () => {
    const stage = await rig.open();
    const made: string[] = [];
    stage.io.on("new_namespace", (namespace) => made.push(namespace.name));
    stage.io.of("/one");
    stage.io.of("/one");
    stage.io.of("two");

    expect(made).toEqual(["/one", "/two"]);
  });
});
