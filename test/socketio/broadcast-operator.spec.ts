import { setImmediate as nextTurn } from "node:timers/promises";
import type { Socket } from "../../src/core.js";
import { SocketStage, type FakeClient } from "../support/socket-stage.js";

type Member = FakeClient & { readonly socket: Socket };

const SAY = '42["say",1]';

/** Clients a, b, c and d; a and b in room "x", b and c in room "y". */
function open(): { stage: SocketStage; a: Member; b: Member; c: Member; d: Member } {
  const stage = new SocketStage();
  const [a, b, c, d] = [stage.join(), stage.join(), stage.join(), stage.join()];
  void a.socket.join("x");
  void b.socket.join(["x", "y"]);
  void c.socket.join("y");
  return { stage, a, b, c, d };
}

/** How often each has received the event. */
function received(frame: string, ...members: Member[]): number[] {
  return members.map(({ transport }) => transport.frames.filter((sent) => sent === frame).length);
}

describe("a broadcast", () => {
  type Stage = ReturnType<typeof open>;

  it.each<[what: string, emit: (stage: Stage) => unknown, counts: number[]]>([
    ["everyone", ({ stage }) => stage.io.emit("say", 1), [1, 1, 1, 1]],
    ["everyone of a namespace", ({ stage }) => stage.io.of("/").emit("say", 1), [1, 1, 1, 1]],
    ["a room", ({ stage }) => stage.io.to("x").emit("say", 1), [1, 1, 0, 0]],
    ["a room, under its other name", ({ stage }) => stage.io.in("x").emit("say", 1), [1, 1, 0, 0]],
    ["two rooms, each member once", ({ stage }) => stage.io.to("x").to("y").emit("say", 1), [1, 1, 1, 0]],
    ["two rooms as a list", ({ stage }) => stage.io.to(["x", "y"]).emit("say", 1), [1, 1, 1, 0]],
    ["everyone but a room", ({ stage }) => stage.io.except("x").emit("say", 1), [0, 0, 1, 1]],
    ["a room but another", ({ stage }) => stage.io.to("x").except("y").emit("say", 1), [1, 0, 0, 0]],
    ["nobody", ({ stage }) => stage.io.to("z").emit("say", 1), [0, 0, 0, 0]],
    ["one, by its id", ({ stage, d }) => stage.io.to(d.socket.id).emit("say", 1), [0, 0, 0, 1]],
    ["everyone of this server", ({ stage }) => stage.io.local.emit("say", 1), [1, 1, 1, 1]],
    ["everyone but the sender", ({ a }) => a.socket.broadcast.emit("say", 1), [0, 1, 1, 1]],
    ["the sender's room but itself", ({ a }) => a.socket.to("x").emit("say", 1), [0, 1, 0, 0]],
    ["everyone but the sender and a room", ({ a }) => a.socket.except("y").emit("say", 1), [0, 0, 0, 1]],
  ])("reaches %s", (_what, emit, counts) => {
    const stage = open();
    emit(stage);

    expect(received(SAY, stage.a, stage.b, stage.c, stage.d)).toEqual(counts);
  });

  it("takes a number for a room, and nothing else that is no text", () => {
    const { stage, a } = open();
    void a.socket.join(7 as never);
    stage.io.to(7 as never).emit("say", 1);

    expect(received(SAY, a)).toEqual([1]);
    expect(() => stage.io.to(null as never)).toThrow("a room must be a string or a number, got null");
    expect(() => stage.io.except({} as never)).toThrow("a room must be a string or a number, got object");
  });

  it("stays in its namespace", () => {
    const stage = new SocketStage();
    const client = stage.connect();
    client.join();
    client.join("/admin");
    stage.io.of("/admin").emit("say", 1);

    expect(client.take()).toEqual(['42/admin,["say",1]']);
  });

  it("may carry bytes", () => {
    const { stage, a } = open();
    stage.io.to("x").emit("b", Buffer.from("010203", "hex"));

    expect(a.take()).toEqual(['451-["b",{"_placeholder":true,"num":0}]', Buffer.from("010203", "hex")]);
  });

  it("may be a message", () => {
    const { stage, a } = open();
    stage.io.send("hello");
    stage.io.write("again");

    expect(a.take()).toEqual(['42["message","hello"]', '42["message","again"]']);
  });

  it("is encoded once, and framed once for all WebSockets", () => {
    const { stage, a, b } = open();
    stage.io.to("x").emit("say", 1);
    const [first, second] = [a.transport.options.at(-1), b.transport.options.at(-1)];

    expect(Buffer.concat(first?.wsPreEncodedFrame ?? []).toString("hex")).toBe(
      "810b" + Buffer.from(SAY).toString("hex"),
    );
    expect(second?.wsPreEncodedFrame).toBe(first?.wsPreEncodedFrame);
  });

  it("that is volatile is dropped for those who cannot take it", () => {
    const { stage, a, b } = open();
    a.transport.becomeUnwritable();
    stage.io.to("x").volatile.emit("say", 1);
    a.transport.becomeWritable();

    expect(received(SAY, a, b)).toEqual([0, 1]);
  });

  it("may be sent without compression", () => {
    const { stage, a } = open();
    stage.io.to("x").compress(false).emit("say", 1);

    expect(a.transport.options.at(-1)?.compress).toBe(false);
  });

  it.each(["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"])(
    "refuses the event %s",
    (event) => {
      const { stage, a } = open();

      expect(() => stage.io.emit(event)).toThrow(`"${event}" is a reserved event name`);
      expect(() => a.socket.broadcast.emit(event)).toThrow(`"${event}" is a reserved event name`);
      expect(a.transport.frames).toEqual([]);
    },
  );

  it("throws for what cannot be encoded, and reaches nobody", () => {
    const { stage, a } = open();

    expect(() => stage.io.emit("say", 1n)).toThrow(expect.objectContaining({ code: "SOCKET_ENCODE" }) as Error);
    expect(a.transport.frames).toEqual([]);
  });
});

describe("a broadcast operator", () => {
  it("is a value: what is derived of it leaves it as it is", () => {
    const { stage, a, b, c, d } = open();
    const toX = stage.io.to("x");
    const derived = [toX.to("y"), toX.except("y"), toX.volatile, toX.local, toX.timeout(50), toX.compress(false)];
    toX.emit("say", 1);

    expect(new Set([toX, ...derived]).size).toBe(7);
    expect(received(SAY, a, b, c, d)).toEqual([1, 1, 0, 0]);
  });

  it("may be kept and used again, as the rooms are by then", () => {
    const { stage, d } = open();
    const toX = stage.io.to("x");
    toX.emit("say", 1);
    void d.socket.join("x");
    toX.emit("say", 1);

    expect(received(SAY, d)).toEqual([1]);
  });

  it("of a server or namespace leaves no flag there", () => {
    const { stage, a } = open();
    a.transport.becomeUnwritable();
    expect(stage.io.volatile).not.toBe(stage.io);
    stage.io.emit("say", 1);
    a.transport.becomeWritable();

    expect(received(SAY, a)).toEqual([1]);
  });
});

describe("a broadcast with acknowledgements", () => {
  it("calls back with the first argument of each answer, when all have come", async () => {
    const { stage, a, b } = open();
    const ack = jest.fn();
    stage.io.to("x").emit("ask", 1, ack);
    await nextTurn();
    expect([a.take(), b.take()]).toEqual([['420["ask",1]'], ['420["ask",1]']]);

    b.send('430["b",2]');
    expect(ack).not.toHaveBeenCalled();
    a.send('430["a"]');
    expect(ack.mock.calls).toEqual([[null, ["b", "a"]]]);
  });

  it("calls back at the timeout, with what has come", async () => {
    const { stage, a } = open();
    const ack = jest.fn();
    stage.io.to("x").timeout(100).emit("ask", ack);
    await nextTurn();
    a.send('430["a"]');
    stage.clock.advance(100);

    expect(ack.mock.calls).toEqual([[expect.objectContaining({ message: "operation has timed out" }), ["a"]]]);
    expect(stage.clock.pendingTimers).toBe(1);
  });

  it("ends at once for whom it was not answered when that client leaves", async () => {
    const { stage, a, b } = open();
    const ack = jest.fn();
    stage.io.to("x").timeout(100).emit("ask", ack);
    await nextTurn();
    a.send('430["a"]');
    b.transport.lose();

    expect(ack.mock.calls).toEqual([[null, ["a"]]]);
  });

  it("calls back at once when there is nobody", async () => {
    const { stage } = open();
    const ack = jest.fn();
    stage.io.to("z").timeout(100).emit("ask", ack);
    await nextTurn();

    expect(ack.mock.calls).toEqual([[null, []]]);
  });

  it("waits without a timeout as long as anybody may answer", async () => {
    const { stage, a, b } = open();
    const ack = jest.fn();
    stage.io.to("x").emit("ask", ack);
    await nextTurn();
    stage.clock.advance(24_000);
    a.send('430["a"]');
    expect(ack).not.toHaveBeenCalled();

    b.send("41");
    expect(ack.mock.calls).toEqual([[null, ["a"]]]);
  });

  it("takes ackTimeout where no timeout is given", async () => {
    const stage = new SocketStage({ ackTimeout: 100 });
    stage.join();
    const ack = jest.fn();
    stage.io.emit("ask", ack);
    await nextTurn();
    stage.clock.advance(100);

    expect(ack.mock.calls).toEqual([[expect.objectContaining({ code: "SOCKET_ACK_TIMEOUT" }), []]]);
  });

  it("leaves the sockets nothing to wait for when it has ended", async () => {
    const { stage, a, b } = open();
    stage.io.to("x").timeout(100).emit("ask", jest.fn());
    await nextTurn();
    a.send('430["a"]');
    stage.clock.advance(100);
    b.send('430["late"]');

    expect([a.socket.acks.size, b.socket.acks.size]).toEqual([0, 0]);
  });

  it.each<[how: string, ack: () => unknown]>([
    [
      "throws",
      () => {
        throw new TypeError("why");
      },
    ],
    ["rejects", () => Promise.reject(new TypeError("why"))],
  ])("survives a callback that %s, whoever calls it", async (_how, ack) => {
    const { stage, b, c } = open();
    stage.io.to("z").emit("nobody", ack);
    stage.io.to("x").timeout(100).emit("late", ack);
    await nextTurn();
    stage.clock.advance(100);
    stage.io.to("y").emit("gone", ack);
    await nextTurn();
    for (const { transport } of [b, c]) transport.lose();
    await nextTurn();

    expect(stage.log.errors).toEqual(Array(3).fill(new TypeError("why")));
  });

  it("may be awaited", async () => {
    const { stage, a, b } = open();
    const answers = stage.io.to("x").emitWithAck("ask", 1);
    await nextTurn();
    a.send('430["a"]');
    b.send('430["b"]');

    expect(await answers).toEqual(["a", "b"]);
  });

  it("that is awaited rejects at the timeout, with what has come", async () => {
    const { stage, a } = open();
    const answers = stage.io.to("x").timeout(100).emitWithAck("ask");
    await nextTurn();
    a.send('430["a"]');
    stage.clock.advance(100);

    await expect(answers).rejects.toMatchObject({ message: "operation has timed out", responses: ["a"] });
  });
});

describe("the receivers of a broadcast", () => {
  it("may join and leave rooms", () => {
    const { stage, a, b, c, d } = open();
    stage.io.to("x").socketsJoin(["z", "w"]);
    stage.io.to("z").except("y").socketsLeave("w");

    expect([a, b, c, d].map(({ socket }) => [...socket.rooms].slice(1))).toEqual([
      ["x", "z"],
      ["x", "y", "z", "w"],
      ["y"],
      [],
    ]);
  });

  it("may be disconnected, with their connections or without", () => {
    const { stage, a, b, c } = open();
    stage.io.to("x").except("y").disconnectSockets();
    stage.io.to("y").disconnectSockets(true);

    expect(a.take()).toEqual(["41"]);
    expect([a, b, c].map(({ conn }) => conn.readyState)).toEqual(["open", "closed", "closed"]);
    expect(stage.io.sockets.sockets.size).toBe(1);
  });

  it("are told by fetchSockets", async () => {
    const { stage, a, b } = open();
    const sockets = await stage.io.to("x").fetchSockets();

    expect(sockets.map(({ id }) => id)).toEqual([a.socket.id, b.socket.id]);
    expect([...(sockets[0]?.rooms ?? [])]).toEqual([a.socket.id, "x"]);
  });
});
