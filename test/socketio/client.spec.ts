import type { Socket } from "../../src/core.js";
import { SocketStage, type FakeClient } from "../support/socket-stage.js";

const isClosed = ({ conn }: FakeClient): boolean => conn.readyState === "closed";

/** Why the sockets of the namespace left, in order. */
function departures({ io }: SocketStage, namespace = "/"): unknown[] {
  const reasons: unknown[] = [];
  io.of(namespace).on("connection", (socket: Socket) => {
    socket.on("disconnect", (reason) => reasons.push(reason));
  });
  return reasons;
}

describe("a connection", () => {
  it.each(["40", '40{"token":1}', "40{}"])("joins the main namespace by %s", (frame) => {
    const stage = new SocketStage();
    const client = stage.connect();
    client.send(frame);
    const [id] = stage.io.sockets.sockets.keys();

    expect(client.take()).toEqual([`40{"sid":"${id}"}`]);
  });

  it("joins several namespaces, each with a socket of its own", () => {
    const stage = new SocketStage();
    stage.io.of("/admin");
    const client = stage.connect();
    client.send("40", '40/admin,{"token":1}');
    const [main] = stage.io.sockets.sockets.values();
    const [admin] = stage.io.of("/admin").sockets.values();

    expect(client.take()).toEqual([`40{"sid":"${main?.id}"}`, `40/admin,{"sid":"${admin?.id}"}`]);
    expect(main?.id).not.toBe(admin?.id);
    expect(main?.client).toBe(admin?.client);
    expect([main?.handshake.auth, admin?.handshake.auth]).toEqual([{}, { token: 1 }]);
  });

  it.each(["/nowhere", "/admin?x=1", "/adm", "/__proto__"])(
    "is refused by a namespace that does not exist: %s",
    (name) => {
      const stage = new SocketStage();
      stage.io.of("/admin");
      const client = stage.connect();
      client.send(`40${name},`);

      expect(client.take()).toEqual([`44${name},{"message":"Invalid namespace"}`]);
      expect(isClosed(client)).toBe(false);
    },
  );

  it("is closed when it joins a namespace twice", () => {
    const stage = new SocketStage();
    const reasons = departures(stage);
    const client = stage.connect();
    client.send("40", "40");

    expect(isClosed(client)).toBe(true);
    expect(reasons).toEqual(["forced close"]);
  });

  it("is closed when it joins a namespace that still decides on it", () => {
    const stage = new SocketStage();
    const middleware = jest.fn();
    stage.io.use(middleware);
    const client = stage.connect();
    client.send("40", "40");

    expect(isClosed(client)).toBe(true);
    expect(middleware).toHaveBeenCalledTimes(1);
  });

  it("may join again after it has left", () => {
    const stage = new SocketStage();
    const reasons = departures(stage);
    const client = stage.connect();
    client.join();
    client.send("41");
    client.join();

    expect(reasons).toEqual(["client namespace disconnect"]);
    expect(stage.io.sockets.sockets.size).toBe(1);
  });

  it.each<[what: string, frame: string]>([
    ["an event of a namespace it never joined", '42/admin,["say"]'],
    ["an event before it joined", '42["say"]'],
    ["a goodbye of a namespace it never joined", "41/admin,"],
    ["an acknowledgement of a namespace it never joined", "43/admin,1[]"],
  ])("is closed by %s", (_what, frame) => {
    const client = new SocketStage().connect();
    client.send(frame);

    expect(isClosed(client)).toBe(true);
  });

  it("is closed by an event after it has left", () => {
    const client = new SocketStage().join();
    client.send("41", '42["say"]');

    expect(isClosed(client)).toBe(true);
  });

  it.each(["4", "42", '42["disconnect"]', "47", "42{}", '44{"message":"no"}', "4 "])(
    "is closed by the bad packet %j, and its sockets are told",
    (frame) => {
      const stage = new SocketStage();
      const reasons = departures(stage);
      const { socket, ...client } = stage.join();
      const errors: Error[] = [];
      socket.on("error", (error) => errors.push(error));
      client.transport.receive(frame);

      expect(client.conn.readyState).toBe("closed");
      expect(errors).toEqual([expect.objectContaining({ code: "SOCKET_BAD_PACKET" })]);
      expect(reasons).toEqual(["forced close"]);
    },
  );

  it("is closed by bytes that no packet announced", () => {
    const client = new SocketStage().join();
    client.send(Buffer.from("010203", "hex"));

    expect(isClosed(client)).toBe(true);
  });

  it("survives a listener of error that throws", () => {
    const stage = new SocketStage();
    const { socket, ...client } = stage.join();
    socket.on("error", () => {
      throw new TypeError("why");
    });
    client.transport.receive("42");

    expect(client.conn.readyState).toBe("closed");
    expect(stage.log.errors).toEqual([new TypeError("why")]);
  });

  it("is closed when it has joined no namespace within connectTimeout", () => {
    const stage = new SocketStage();
    const client = stage.connect();
    client.send("40/nowhere,");
    stage.clock.advance(25_000);
    client.send("3");
    stage.clock.advance(19_900);
    expect(isClosed(client)).toBe(false);

    stage.clock.advance(200);
    expect(isClosed(client)).toBe(true);
  });

  it("is closed at connectTimeout when a middleware never answers", () => {
    const stage = new SocketStage({ connectTimeout: 1_000 });
    stage.io.use(() => undefined);
    const client = stage.connect();
    client.send("40");
    stage.clock.advance(1_000);

    expect(isClosed(client)).toBe(true);
  });

  it("stays once it has joined one, even when it leaves", () => {
    const stage = new SocketStage({ connectTimeout: 1_000 });
    const client = stage.join();
    client.send("41");
    stage.clock.advance(10_000);

    expect(isClosed(client)).toBe(false);
  });

  it("leaves all its namespaces when it goes, with one reason", () => {
    const stage = new SocketStage();
    const reasons = [departures(stage), departures(stage, "/admin")];
    const client = stage.connect();
    client.join();
    client.join("/admin");
    client.transport.lose("transport error", new TypeError("why"));

    expect(reasons).toEqual([["transport error"], ["transport error"]]);
    expect(stage.io.sockets.sockets.size + stage.io.of("/admin").sockets.size).toBe(0);
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it("says goodbye in every namespace when a socket ends it", () => {
    const stage = new SocketStage();
    const reasons = [departures(stage), departures(stage, "/admin")];
    const client = stage.connect();
    const socket = client.join();
    client.join("/admin");
    socket.disconnect(true);

    expect(client.take()).toEqual(["41", "41/admin,"]);
    expect(isClosed(client)).toBe(true);
    expect(reasons).toEqual([["server namespace disconnect"], ["server namespace disconnect"]]);
  });

  it("keeps other namespaces when a socket leaves one", () => {
    const stage = new SocketStage();
    const client = stage.connect();
    client.join();
    client.join("/admin").disconnect();

    expect(client.take()).toEqual(["41/admin,"]);
    expect(isClosed(client)).toBe(false);
    expect(stage.io.sockets.sockets.size).toBe(1);
  });

  it("sends a packet with attachments as its text, then its bytes", () => {
    const { socket, transport } = new SocketStage().join();
    socket.emit("b", Buffer.from("010203", "hex"), { deep: [Uint8Array.from([4, 5])] });

    expect(transport.frames).toEqual([
      '452-["b",{"_placeholder":true,"num":0},{"deep":[{"_placeholder":true,"num":1}]}]',
      Buffer.from("010203", "hex"),
      Buffer.from("0405", "hex"),
    ]);
  });
});
