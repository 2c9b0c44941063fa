import { setImmediate as nextTurn } from "node:timers/promises";
import type { AckReply, Namespace, Socket } from "../../src/core.js";
import { SocketStage, type FakeClient } from "../support/socket-stage.js";

const why = new TypeError("why");

const cycle = (): unknown => {
  const value: { self?: unknown } = {};
  value.self = value;
  return value;
};

/** A client whose connect handler has not decided yet; `decide` lets it in. */
function connecting(options = {}): {
  stage: SocketStage;
  client: FakeClient;
  socket: Socket;
  decide: () => Promise<void>;
} {
  const stage = new SocketStage(options);
  let letIn: () => void = () => undefined;
  let seen: Socket | undefined;
  stage.io.sockets.dispatch.setConnect((socket) => {
    seen = socket;
    return new Promise<void>((resolve) => (letIn = resolve));
  });
  const client = stage.connect();
  client.send("40");
  if (seen === undefined) throw new Error("the connect handler did not run");
  const decide = async (): Promise<void> => {
    letIn();
    await nextTurn();
  };
  return { stage, client, socket: seen, decide };
}

describe("a socket", () => {
  it("emits events to its client", () => {
    const { socket, transport } = new SocketStage().join();
    socket.emit("say", 1, "2", { three: [null] });
    socket.send("hello");
    socket.write("again");
    socket.emit("nothing", undefined, Number.NaN, new Date(0));

    expect(transport.frames).toEqual([
      '42["say",1,"2",{"three":[null]}]',
      '42["message","hello"]',
      '42["message","again"]',
      '42["nothing",null,null,"1970-01-01T00:00:00.000Z"]',
    ]);
  });

  it("names its namespace", () => {
    const { socket, transport } = new SocketStage().join("/chat");
    socket.emit("say", 1);

    expect(transport.frames).toEqual(['42/chat,["say",1]']);
  });

  it.each(["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"])(
    "refuses to emit %s",
    (event) => {
      const { socket, transport } = new SocketStage().join();

      expect(() => socket.emit(event)).toThrow(`"${event}" is a reserved event name`);
      expect(transport.frames).toEqual([]);
    },
  );

  it.each<[what: string, value: unknown]>([
    ["a big integer", 1n],
    ["a cycle", cycle()],
    [
      "a toJSON that throws",
      {
        toJSON: () => {
          throw why;
        },
      },
    ],
  ])("throws for %s, which cannot be encoded, and stays usable", (_what, value) => {
    const { socket, transport } = new SocketStage().join();
    const ack = jest.fn();

    expect(() => socket.emit("say", value, ack)).toThrow(
      expect.objectContaining({ code: "SOCKET_ENCODE", event: "say" }) as Error,
    );
    expect(socket.acks.size).toBe(0);
    socket.emit("say", 1);
    expect(transport.frames).toEqual(['42["say",1]']);
    expect(ack).not.toHaveBeenCalled();
  });

  it("hands events to its listeners", () => {
    const { socket, ...client } = new SocketStage().join();
    const heard: unknown[][] = [];
    socket.on("say", (...args: unknown[]) => heard.push(args));
    client.transport.receive('42["say",1,{"two":[3]}]', '42["say"]', '42["unheard"]');

    expect(heard).toEqual([[1, { two: [3] }], []]);
  });

  it("hands bytes to its listeners", () => {
    const { socket, transport } = new SocketStage().join();
    const heard: unknown[][] = [];
    socket.on("b", (...args: unknown[]) => heard.push(args));
    transport.receive('451-["b",{"deep":{"_placeholder":true,"num":0}}]', Buffer.from("010203", "hex"));

    expect(heard).toEqual([[{ deep: Buffer.from("010203", "hex") }]]);
  });

  it("takes a number for an event name", () => {
    const { socket, transport } = new SocketStage().join();
    const listener = jest.fn();
    socket.on("7", listener);
    transport.receive("42[7,true]");

    expect(listener).toHaveBeenCalledWith(true);
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "emit"])(
    "finds no handler for the event %s",
    (event) => {
      const stage = new SocketStage();
      const { conn, transport } = stage.join();
      transport.receive(`42["${event}",1]`);

      expect(conn.readyState).toBe("open");
      expect(stage.log.lines).toEqual([]);
    },
  );

  it("survives listeners that throw or reject, and logs why", async () => {
    const stage = new SocketStage();
    const { socket, transport, conn } = stage.join();
    const last = jest.fn();
    socket.on("say", () => {
      throw why;
    });
    socket.on("say", jest.fn().mockRejectedValue(why));
    socket.on("say", last);
    transport.receive('42["say"]');
    await nextTurn();

    expect(last).toHaveBeenCalledTimes(1);
    expect(conn.readyState).toBe("open");
    expect(stage.log.errors).toEqual([why, why]);
  });
});

describe("an acknowledgement of the server", () => {
  it.each<[args: unknown[], frame: string]>([
    [[], "437[]"],
    [["ok"], '437["ok"]'],
    [[1, { two: 2 }], '437[1,{"two":2}]'],
  ])("of %j is %s", (args, frame) => {
    const { socket, transport } = new SocketStage().join();
    socket.on("ask", (_arg: number, reply: (...answer: unknown[]) => void) => {
      reply(...args);
    });
    transport.receive('427["ask",1]');

    expect(transport.frames).toEqual([frame]);
  });

  it("may carry bytes", () => {
    const { socket, transport } = new SocketStage().join("/chat");
    socket.on("ask", (reply: AckReply) => {
      reply(Buffer.from("010203", "hex"));
    });
    transport.receive('42/chat,7["ask"]');

    expect(transport.frames).toEqual(['461-/chat,7[{"_placeholder":true,"num":0}]', Buffer.from("010203", "hex")]);
  });

  it("is sent once", () => {
    const { socket, transport } = new SocketStage().join();
    socket.on("ask", (reply: AckReply) => {
      reply(1);
      reply(2);
    });
    transport.receive('420["ask"]');

    expect(transport.frames).toEqual(["430[1]"]);
  });

  it("that cannot be encoded throws, and another may take its place", () => {
    const { socket, transport } = new SocketStage().join();
    socket.on("ask", (reply: AckReply) => {
      expect(() => {
        reply(1n);
      }).toThrow("BigInt");
      reply("sorry");
    });
    transport.receive('427["ask"]');

    expect(transport.frames).toEqual(['437["sorry"]']);
  });

  it("is not there when the client asks for none", () => {
    const stage = new SocketStage();
    const { socket, transport } = stage.join();
    const seen: unknown[] = [];
    socket.on("ask", (...args: unknown[]) => seen.push(args.length));
    transport.receive('42["ask",1]');

    expect(seen).toEqual([1]);
  });

  it("is dropped when the client has left", () => {
    const { socket, transport } = new SocketStage().join();
    let late: AckReply = () => undefined;
    socket.on("ask", (reply: AckReply) => (late = reply));
    transport.receive('427["ask"]', "41");
    late("too late");

    expect(transport.frames).toEqual([]);
  });
});

describe("an acknowledgement of the client", () => {
  it("gives all its arguments to the callback", () => {
    const { socket, transport } = new SocketStage().join();
    const ack = jest.fn();
    socket.emit("ask", "a", ack);
    socket.emit("ask", "b", ack);
    transport.receive("431[1,2]", '430["first"]');

    expect(transport.frames).toEqual(['420["ask","a"]', '421["ask","b"]']);
    expect(ack.mock.calls).toEqual([[1, 2], ["first"]]);
  });

  it.each(["439[1]", "430[1]", "43[1]"])("is ignored when nobody waits for %s", (frame) => {
    const { socket, transport, conn } = new SocketStage().join();
    const ack = jest.fn();
    socket.emit("ask", ack);
    transport.receive("430[]", frame);

    expect(ack.mock.calls).toEqual([[]]);
    expect(conn.readyState).toBe("open");
  });

  it("counts for the socket that was asked only", () => {
    const stage = new SocketStage();
    const [asked, other] = [stage.join(), stage.join()];
    const ack = jest.fn();
    asked.socket.emit("ask", ack);
    other.transport.receive("430[1]");

    expect(ack).not.toHaveBeenCalled();
  });

  it.each<[how: string, callback: () => unknown]>([
    [
      "throws",
      () => {
        throw why;
      },
    ],
    ["rejects", () => Promise.reject(why)],
  ])("survives a callback that %s, whoever calls it", async (_how, callback) => {
    const stage = new SocketStage();
    const { socket, transport } = stage.join();
    socket.emit("answered", callback);
    socket.timeout(100).emit("late", callback);
    transport.receive("430[]");
    stage.clock.advance(100);
    socket.timeout(100).emit("gone", callback);
    transport.lose();
    socket.timeout(100).emit("closed", callback);
    await nextTurn();

    expect(stage.log.errors).toEqual([why, why, why, why]);
    expect(socket.connected).toBe(false);
  });

  it("comes with null in front of it when a timeout was given", () => {
    const { socket, transport } = new SocketStage().join();
    const ack = jest.fn();
    socket.timeout(100).emit("ask", ack);
    transport.receive("430[1,2]");

    expect(ack.mock.calls).toEqual([[null, 1, 2]]);
  });

  it("is an error at the timeout, once", () => {
    const stage = new SocketStage();
    const { socket, transport } = stage.join();
    const ack = jest.fn();
    socket.timeout(100).emit("ask", ack);
    stage.clock.advance(98);
    expect(ack).not.toHaveBeenCalled();

    stage.clock.advance(2);
    transport.receive("430[1]");
    expect(ack.mock.calls).toEqual([[expect.objectContaining({ message: "operation has timed out" })]]);
  });

  it("is an error at once when the client leaves before", () => {
    const stage = new SocketStage();
    const { socket, transport } = stage.join();
    const [timed, plain] = [jest.fn(), jest.fn()];
    socket.timeout(100).emit("ask", timed);
    socket.emit("ask", plain);
    transport.lose();
    stage.clock.advance(1_000);

    expect(timed.mock.calls).toEqual([[expect.objectContaining({ code: "SOCKET_ACK_DISCONNECTED" })]]);
    expect(plain).not.toHaveBeenCalled();
    expect(socket.acks.size).toBe(0);
  });

  it("is an error when the client has left already", () => {
    const stage = new SocketStage();
    const { socket, transport } = stage.join();
    const ack = jest.fn();
    transport.lose();
    socket.timeout(100).emit("ask", 1, ack);

    expect(ack.mock.calls).toEqual([[expect.objectContaining({ code: "SOCKET_CLOSED", event: "ask", args: [1] })]]);
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it("leaves nothing behind of an event that cannot be encoded", () => {
    const stage = new SocketStage();
    const { socket } = stage.join();
    const ack = jest.fn();
    expect(() => socket.timeout(100).emit("ask", 1n, ack)).toThrow(
      expect.objectContaining({ code: "SOCKET_ENCODE" }) as Error,
    );
    stage.clock.advance(100);

    expect(ack).not.toHaveBeenCalled();
    expect(socket.acks.size).toBe(0);
  });
});

describe("emitWithAck", () => {
  it("gives the first argument of the answer", async () => {
    const { socket, transport } = new SocketStage().join();
    const answer = socket.emitWithAck("ask", 1);
    transport.receive("430[2,3]");

    expect(transport.frames).toEqual(['420["ask",1]']);
    expect(await answer).toBe(2);
  });

  it("rejects at the timeout", async () => {
    const stage = new SocketStage();
    const answer = stage.join().socket.timeout(100).emitWithAck("ask");
    stage.clock.advance(100);

    await expect(answer).rejects.toMatchObject({ message: "operation has timed out" });
  });

  it("rejects at once when the client leaves, with and without a timeout", async () => {
    const { socket, transport } = new SocketStage().join();
    const answers = [socket.emitWithAck("ask"), socket.timeout(100).emitWithAck("ask")];
    transport.lose();

    for (const answer of answers) await expect(answer).rejects.toMatchObject({ code: "SOCKET_ACK_DISCONNECTED" });
  });

  it("rejects with what was not sent when the client has left already", async () => {
    const { socket, transport } = new SocketStage().join();
    transport.lose();

    await expect(socket.emitWithAck("ask", 1)).rejects.toMatchObject({
      code: "SOCKET_CLOSED",
      event: "ask",
      args: [1],
    });
  });

  it("rejects what cannot be encoded, and leaves nothing behind", async () => {
    const { socket } = new SocketStage().join();

    await expect(socket.emitWithAck("ask", 1n)).rejects.toMatchObject({ code: "SOCKET_ENCODE", event: "ask" });
    expect(socket.acks.size).toBe(0);
  });
});

describe("a volatile event", () => {
  it("is dropped while the transport is not writable", () => {
    const { socket, transport } = new SocketStage().join();
    socket.volatile.emit("say", 1);
    transport.becomeUnwritable();
    socket.volatile.emit("say", 2);
    socket.emit("say", 3);
    transport.becomeWritable();

    expect(transport.frames).toEqual(['42["say",1]', '42["say",3]']);
  });
});

describe("compress", () => {
  it("goes with the packet to the transport", () => {
    const { socket, transport } = new SocketStage().join();
    transport.options.length = 0;
    socket.compress(false).emit("say");
    socket.emit("say");

    expect(transport.options.map((options) => options?.compress)).toEqual([false, undefined]);
  });
});

describe("the middlewares of a socket", () => {
  it("see each event before its listeners, with its acknowledgement", () => {
    const { socket, transport } = new SocketStage().join();
    const seen: unknown[] = [];
    socket.use((event, next) => {
      seen.push([...event]);
      next();
    });
    socket.on("say", (...args: unknown[]) => seen.push(["listener", ...args]));
    transport.receive('42["say",1]', '427["say",2]');

    expect(seen).toEqual([
      ["say", 1],
      ["listener", 1],
      ["say", 2, expect.any(Function)],
      ["listener", 2, expect.any(Function)],
    ]);
  });

  it("may change the event", () => {
    const { socket, transport } = new SocketStage().join();
    const listener = jest.fn();
    socket.use((event, next) => {
      event[0] = "shout";
      event[1] = String(event[1]).toUpperCase();
      next();
    });
    socket.on("shout", listener);
    transport.receive('42["say","a"]');

    expect(listener).toHaveBeenCalledWith("A");
  });

  it("keep an event from its listeners, and tell listeners of error why", () => {
    const stage = new SocketStage();
    const { socket, transport, conn } = stage.join();
    const [listener, onError] = [jest.fn(), jest.fn()];
    socket.use((_event, next) => {
      next(why);
    });
    socket.on("say", listener);
    socket.on("error", onError);
    transport.receive('42["say"]');

    expect(listener).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledWith(why);
    expect(stage.log.lines).toEqual([]);
    expect(conn.readyState).toBe("open");
  });

  it.each<[how: string, middleware: () => void]>([
    [
      "throws",
      () => {
        throw why;
      },
    ],
    ["rejects", () => Promise.reject(why) as never],
  ])("keep an event from its listeners when one %s, which is logged", async (_how, middleware) => {
    const stage = new SocketStage();
    const { socket, transport, conn } = stage.join();
    const [listener, onError] = [jest.fn(), jest.fn()];
    socket.use(middleware);
    socket.on("say", listener);
    socket.on("error", onError);
    transport.receive('42["say"]');
    await nextTurn();

    expect(listener).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledWith(why);
    expect(stage.log.lines).toEqual(["error a socket middleware threw"]);
    expect(conn.readyState).toBe("open");
  });

  it("let an event pass by next(), whatever they throw after it, which is logged", async () => {
    const stage = new SocketStage();
    const { socket, transport } = stage.join();
    const listener = jest.fn();
    socket.use((_event, next) => {
      next();
      throw why;
    });
    socket.on("say", listener);
    transport.receive('42["say","hi"]');
    await nextTurn();

    expect(listener.mock.calls).toEqual([["hi"]]);
    expect(stage.log.lines).toEqual(["error a socket middleware threw after its next()"]);
  });

  it("that answer after the client has left dispatch nothing", () => {
    const { socket, transport } = new SocketStage().join();
    const listener = jest.fn();
    let next: () => void = () => undefined;
    socket.use((_event, later) => (next = later));
    socket.on("say", listener);
    transport.receive('42["say"]');
    transport.lose();
    next();

    expect(listener).not.toHaveBeenCalled();
  });
});

describe("the dispatch table of the namespace", () => {
  const withHandlers = (
    stage = new SocketStage(),
  ): { stage: SocketStage; namespace: Namespace; heard: unknown[][] } => {
    const heard: unknown[][] = [];
    const namespace = stage.io.sockets;
    namespace.dispatch.handle("say", (_socket, args, reply, event) => {
      heard.push(["handler", event, ...args]);
      reply?.("ok");
    });
    namespace.dispatch.setUnhandled((_socket, args, reply, event) => {
      heard.push(["unhandled", event, ...args]);
      reply?.("what?");
    });
    return { stage, namespace, heard };
  };

  it("serves all sockets, each as itself", () => {
    const stage = new SocketStage();
    const seen: Socket[] = [];
    stage.io.sockets.dispatch.handle("say", (socket) => seen.push(socket));
    const [first, second] = [stage.join(), stage.join()];
    second.transport.receive('42["say"]');
    first.transport.receive('42["say"]');

    expect(seen).toEqual([second.socket, first.socket]);
    expect(first.socket.listenerCount("say")).toBe(0);
  });

  it("comes before the listeners of the socket", () => {
    const { stage, heard } = withHandlers();
    const { socket, transport } = stage.join();
    socket.on("say", (...args: unknown[]) => heard.push(["listener", ...args]));
    transport.receive('42["say",1]');

    expect(heard).toEqual([
      ["handler", "say", 1],
      ["listener", 1],
    ]);
  });

  it("acknowledges", () => {
    const { stage } = withHandlers();
    const { transport } = stage.join();
    transport.receive('427["say"]', '428["other"]');

    expect(transport.frames).toEqual(['437["ok"]', '438["what?"]']);
  });

  it("takes as unhandled what neither it nor a listener takes", () => {
    const { stage, heard } = withHandlers();
    const { socket, transport } = stage.join();
    socket.on("heard", () => undefined);
    transport.receive('42["heard"]', '42["unheard",1]', '42["__proto__"]');

    expect(heard).toEqual([
      ["unhandled", "unheard", 1],
      ["unhandled", "__proto__"],
    ]);
  });

  it.each<[how: string, handler: () => void]>([
    [
      "throws",
      () => {
        throw why;
      },
    ],
    ["rejects", () => Promise.reject(why) as never],
  ])("survives a handler that %s, and logs why", async (_how, handler) => {
    const stage = new SocketStage();
    stage.io.sockets.dispatch.handle("say", handler);
    stage.io.sockets.dispatch.setUnhandled(handler);
    const { transport, conn } = stage.join();
    transport.receive('42["say"]', '42["other"]');
    await nextTurn();

    expect(stage.log.lines).toEqual(['error the handler of "say" threw', 'error the handler of "other" threw']);
    expect(stage.log.errors).toEqual([why, why]);
    expect(conn.readyState).toBe("open");
  });
});

describe("the catch-all listeners of a socket", () => {
  it("hear every event, in front of middlewares and listeners", () => {
    const { socket, transport } = new SocketStage().join();
    const order: unknown[][] = [];
    socket.use((_event, next) => {
      order.push(["middleware"]);
      next();
    });
    socket.on("say", () => order.push(["listener"]));
    socket.onAny((...args: unknown[]) => order.push(["any", ...args]));
    socket.prependAny((...args: unknown[]) => order.push(["first", ...args]));
    transport.receive('42["say",1]');

    expect(order).toEqual([["first", "say", 1], ["any", "say", 1], ["middleware"], ["listener"]]);
  });

  it("hear every outgoing event, those of broadcasts among them, and no acknowledgement", () => {
    const stage = new SocketStage();
    const { socket, transport } = stage.join();
    const heard: unknown[][] = [];
    socket.onAnyOutgoing((...args: unknown[]) => heard.push(args));
    socket.on("ask", (reply: AckReply) => {
      reply(1);
    });
    socket.emit("say", 1, () => undefined);
    stage.io.emit("all", 2);
    transport.receive('427["ask"]');

    expect(heard).toEqual([
      ["say", 1],
      ["all", 2],
    ]);
  });
});

describe("rooms of a socket", () => {
  it("are its own and those it joins", () => {
    const { socket } = new SocketStage().join();
    expect([...socket.rooms]).toEqual([socket.id]);

    void socket.join("a");
    void socket.join(["b", 7] as never);
    expect([...socket.rooms]).toEqual([socket.id, "a", "b", "7"]);
    void socket.leave("a");
    void socket.leave(7 as never);
    expect([...socket.rooms]).toEqual([socket.id, "b"]);
  });

  it("are left together by a list, which waits for an adapter that takes its time", async () => {
    const { socket } = new SocketStage().join();
    await socket.join(["a", "b", "c"]);
    const left = socket.leave(["a", "c"]);
    expect([...socket.rooms]).toEqual([socket.id, "b"]);
    await left;

    const failing = Promise.reject(new TypeError("why"));
    socket.nsp.adapter.del = async () => failing;
    await expect(socket.leave(["b"])).rejects.toThrow("why");
  });

  it.each([null, undefined, {}, true, [null]])("cannot be made of %p", (room) => {
    const { socket } = new SocketStage().join();

    expect(() => socket.join(room as never)).toThrow("a room must be a string or a number");
    expect(() => socket.leave(room as never)).toThrow("a room must be a string or a number");
  });

  it("are still there while it is disconnecting, gone afterwards, and not joined again", () => {
    const { socket, transport } = new SocketStage().join();
    void socket.join("a");
    const seen: unknown[] = [];
    socket.on("disconnecting", () => seen.push([...socket.rooms]));
    socket.on("disconnect", () => seen.push([...socket.rooms]));
    transport.lose();
    void socket.join("b");

    expect(seen).toEqual([[socket.id, "a"], []]);
    expect(socket.rooms.size).toBe(0);
  });
});

describe("disconnecting", () => {
  it.each<[what: string, leave: (client: { socket: Socket } & FakeClient) => void, reason: string]>([
    ["the client leaves the namespace", ({ transport }) => transport.receive("41"), "client namespace disconnect"],
    ["the server lets it leave the namespace", ({ socket }) => socket.disconnect(), "server namespace disconnect"],
    ["the connection is lost", ({ transport }) => transport.lose(), "transport close"],
    ["the connection fails", ({ transport }) => transport.lose("transport error"), "transport error"],
    ["the client speaks no Engine.IO", ({ transport }) => transport.lose("parse error"), "parse error"],
    ["the client speaks no Socket.IO", ({ transport }) => transport.receive("4x"), "forced close"],
  ])("tells why: %s", (_what, leave, reason) => {
    const client = new SocketStage().join();
    const events: unknown[] = [];
    client.socket.on("disconnecting", (why) => events.push(["disconnecting", why, client.socket.connected]));
    client.socket.on("disconnect", (why) => events.push(["disconnect", why, client.socket.connected]));
    leave(client);

    expect(events).toEqual([
      ["disconnecting", reason, true],
      ["disconnect", reason, false],
    ]);
  });

  it("tells the client when the server does it", () => {
    const { socket, transport, conn } = new SocketStage().join("/chat");
    socket.disconnect();
    socket.disconnect();

    expect(transport.frames).toEqual(["41/chat,"]);
    expect(conn.readyState).toBe("open");
  });

  it("brings the details along", () => {
    const { socket, transport } = new SocketStage().join();
    const listener = jest.fn();
    socket.on("disconnect", listener);
    transport.lose("transport error", why);

    expect(listener).toHaveBeenCalledWith("transport error", why);
  });

  it("tells the hooks of the namespace, in front of the listeners", () => {
    const stage = new SocketStage();
    const order: unknown[] = [];
    const { dispatch } = stage.io.sockets;
    dispatch.setDisconnecting((socket, reason, description) =>
      order.push("disconnecting", socket.id, reason, description),
    );
    dispatch.setDisconnect((socket, reason, description) => order.push("disconnect", socket.id, reason, description));
    const { socket, transport } = stage.join();
    socket.on("disconnecting", () => order.push("listener"));
    transport.lose("transport error", why);

    expect(order).toEqual([
      ...["disconnecting", socket.id, "transport error", why],
      "listener",
      ...["disconnect", socket.id, "transport error", why],
    ]);
  });

  it("survives hooks and listeners that throw", () => {
    const stage = new SocketStage();
    const fail = (): never => {
      throw why;
    };
    stage.io.sockets.dispatch.setDisconnecting(fail);
    stage.io.sockets.dispatch.setDisconnect(fail);
    const { socket, transport } = stage.join();
    socket.on("disconnecting", fail);
    socket.on("disconnect", fail);
    transport.lose();

    expect(stage.log.errors).toEqual([why, why, why, why]);
    expect(stage.io.sockets.sockets.size).toBe(0);
  });

  it.each([false, true])("happens once, also when a listener of it disconnects again (close: %s)", (close) => {
    const stage = new SocketStage();
    const { socket, transport } = stage.join();
    const events: unknown[] = [];
    for (const event of ["disconnecting", "disconnect"] as const) {
      socket.on(event, (reason) => {
        events.push([event, reason]);
        socket.disconnect(close);
      });
    }
    transport.receive("41");

    expect(events).toEqual([
      ["disconnecting", "client namespace disconnect"],
      ["disconnect", "client namespace disconnect"],
    ]);
    expect(stage.log.lines).toEqual([]);
  });

  it("lets nothing pass afterwards", () => {
    const { socket, transport } = new SocketStage().join();
    const listener = jest.fn();
    socket.on("say", listener);
    socket.disconnect();
    transport.take();

    expect(socket.emit("say", 1)).toBe(false);
    expect(transport.frames).toEqual([]);
    expect([socket.connected, socket.disconnected]).toEqual([false, true]);
  });
});

describe("while a socket is connecting", () => {
  it("what it emits is held back until CONNECT has left", async () => {
    const { client, socket, decide } = connecting();
    socket.emit("first", 1);
    const answer = socket.emitWithAck("second");
    expect(client.transport.frames).toEqual([]);

    await decide();
    expect(client.take()).toEqual([`40{"sid":"${socket.id}"}`, '42["first",1]', '420["second"]']);
    client.send("430[2]");
    expect(await answer).toBe(2);
  });

  it("what it emits is sent as it was then", async () => {
    const { client, socket, decide } = connecting();
    const data = { count: 1 };
    socket.emit("say", data);
    data.count = 2;
    await decide();

    expect(client.take()[1]).toBe('42["say",{"count":1}]');
  });

  it("what cannot be encoded throws where it is emitted, and lets the client in all the same", async () => {
    const { client, socket, decide } = connecting();
    expect(() => socket.emit("say", 1n)).toThrow(expect.objectContaining({ code: "SOCKET_ENCODE" }) as Error);
    await decide();

    expect(client.take()).toEqual([`40{"sid":"${socket.id}"}`]);
    expect(socket.connected).toBe(true);
  });

  it("events of the client wait, and are dispatched in order after the listeners of connection ran", async () => {
    const { stage, client, socket, decide } = connecting();
    const heard: unknown[] = [];
    stage.io.on("connection", () => {
      socket.on("say", (count: number) => heard.push(count));
    });
    client.send('42["say",1]', '42["say",2]');
    expect(heard).toEqual([]);

    await decide();
    client.send('42["say",3]');
    expect(heard).toEqual([1, 2, 3]);
  });

  it("events of the client wait up to maxWaitingEvents, beyond which it is closed", () => {
    const { client } = connecting({ maxWaitingEvents: 3 });
    for (let count = 1; count <= 3; count += 1) client.send('42["say"]');
    expect(client.conn.readyState).toBe("open");

    client.send('42["say"]');
    expect(client.conn.readyState).toBe("closed");
  });

  it("events of the client close it when only middlewares decide, as in socket.io", () => {
    const stage = new SocketStage();
    stage.io.use(() => undefined);
    const client = stage.connect();
    client.send("40", '42["say"]');

    expect(client.conn.readyState).toBe("closed");
  });

  it("a goodbye of the client is heeded after it was let in", async () => {
    const { stage, client, socket, decide } = connecting();
    const reasons: unknown[] = [];
    stage.io.on("connection", () => {
      socket.on("disconnect", (reason) => reasons.push(reason));
    });
    client.send("41");
    await decide();

    expect(reasons).toEqual(["client namespace disconnect"]);
    expect(stage.io.sockets.sockets.size).toBe(0);
  });

  it.each([
    [false, "open", ["41"]],
    [true, "closed", ["41"]],
  ])(
    "it may be disconnected: it is not announced, and leaves after CONNECT (close: %s)",
    async (close, state, frames) => {
      const { stage, client, socket, decide } = connecting();
      const [connection, disconnect] = [jest.fn(), jest.fn()];
      stage.io.on("connection", connection);
      stage.io.sockets.dispatch.setDisconnect(disconnect);
      socket.disconnect(close);
      socket.emit("goodbye");
      await decide();

      expect(client.take()).toEqual([`40{"sid":"${socket.id}"}`, '42["goodbye"]', ...frames]);
      expect(client.conn.readyState).toBe(state);
      expect(connection).not.toHaveBeenCalled();
      expect(disconnect).toHaveBeenCalledWith(socket, "server namespace disconnect", undefined);
      expect(stage.io.sockets.sockets.size).toBe(0);
    },
  );

  it("it may join rooms already", async () => {
    const { stage, client, socket, decide } = connecting();
    void socket.join("room");
    stage.io.to("room").emit("too early");
    await decide();
    stage.io.to("room").emit("in time");

    expect(client.take().slice(1)).toEqual(['42["in time"]']);
  });

  it("the client may leave: nobody hears of a connection, and its acknowledgements fail", async () => {
    const { stage, client, socket, decide } = connecting();
    const connection = jest.fn();
    stage.io.on("connection", connection);
    void socket.join("room");
    const answer = socket.emitWithAck("ask");
    client.transport.lose();
    await expect(answer).rejects.toMatchObject({ code: "SOCKET_ACK_DISCONNECTED" });

    await decide();
    expect(connection).not.toHaveBeenCalled();
    expect(client.transport.frames).toEqual([]);
    expect(stage.io.sockets.adapter.rooms.size).toBe(0);
  });
});
