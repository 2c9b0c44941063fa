import { setImmediate as nextTurn } from "node:timers/promises";
import type { EngineOptions, MessageData, Packet, SendOptions } from "../../src/engineio/index.js";
import { openSession, type EngineSession } from "../support/engine-session.js";
import { FakeTransport } from "../support/fake-transport.js";

const BUFFER_FULL = expect.objectContaining({ code: "ENGINE_BUFFER_FULL" }) as unknown;

describe("a session", () => {
  it("begins with the handshake", () => {
    const { opening, socket } = openSession({ pingInterval: 300, pingTimeout: 200, maxHttpBufferSize: 1_000 });

    expect(opening).toEqual(['0{"sid":"sid","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":1000}']);
    expect(socket.readyState).toBe("open");
  });

  it.each<[options: EngineOptions, upgrades: string[]]>([
    [{}, ["websocket"]],
    [{ allowUpgrades: false }, []],
    [{ transports: ["polling"] }, []],
  ])("over polling offers upgrades as %j allows", (options, upgrades) => {
    const [frame] = openSession(options, "polling").opening;

    expect(JSON.parse(String(frame).slice(1))).toMatchObject({ upgrades });
  });

  it("knows its id, protocol and address", () => {
    const { id, protocol, remoteAddress, upgraded, upgrading } = openSession().socket;

    expect({ id, protocol, remoteAddress, upgraded, upgrading }).toEqual({
      id: "sid",
      protocol: 4,
      remoteAddress: "192.0.2.1",
      upgraded: false,
      upgrading: false,
    });
  });

  it("brings messages to the layer above, text and bytes in order", () => {
    const { transport, heard } = openSession();
    transport.receive('42["say",1]', Buffer.from("010203", "hex"), "4");

    expect(heard).toEqual([
      ["message", '2["say",1]'],
      ["message", Buffer.from("010203", "hex")],
      ["message", ""],
    ]);
  });

  it("sends messages at once while the transport is ready", () => {
    const { socket, transport } = openSession();
    socket.send("a").write("b").send(Buffer.from("010203", "hex"), { compress: false });

    expect(transport.frames).toEqual(["4a", "4b", Buffer.from("010203", "hex")]);
    expect(transport.options).toEqual([undefined, undefined, { compress: false }]);
  });

  it.each(["0", "1", "5", "6", "3probe"])("ignores %j from the client, as socket.io does over WebSocket", (frame) => {
    const { socket, transport, heard } = openSession();
    transport.receive(frame, "4a");

    expect(heard).toEqual([["message", "a"]]);
    expect(socket.readyState).toBe("open");
  });

  it("sends initialPacket right after the handshake", () => {
    expect(openSession({ initialPacket: "welcome" }).opening.slice(1)).toEqual(["4welcome"]);
    expect(openSession({ initialPacket: Buffer.from([1]) }).opening.slice(1)).toEqual([Buffer.from([1])]);
    expect(openSession({ initialPacket: new Uint8Array([1]) }).opening.slice(1)).toEqual([Buffer.from([1])]);
  });

  it("sends no initialPacket that is empty", () => {
    expect(openSession({ initialPacket: "" }).opening.slice(1)).toEqual([]);
  });

  it("sends bytes of any shape, at once and from its queue", () => {
    const { socket, transport } = openSession({}, "polling");
    transport.becomeWritable();
    socket.send(new Uint8Array([1, 2]));
    socket.send(new Uint8Array([3]).buffer).write(new DataView(new Uint8Array([4]).buffer), { compress: false });
    transport.becomeWritable();

    expect(transport.frames).toEqual(["0102", "03", "04"].map((bytes) => Buffer.from(bytes, "hex")));
    expect(transport.options).toEqual([undefined, undefined, { compress: false }]);
  });

  it("knows the client's address from proxies when they are trusted", () => {
    const headers = { "x-forwarded-for": "203.0.113.9" };
    const addressFor = (options: EngineOptions): string => {
      const { server } = openSession(options);
      server.generateId = () => "other";
      return server.accept(new FakeTransport(), { headers, socket: { remoteAddress: "192.0.2.1" } }).remoteAddress;
    };

    expect(addressFor({})).toBe("192.0.2.1");
    expect(addressFor({ trustProxy: true })).toBe("203.0.113.9");
  });

  it("knows what its request told of the client also when a listener has let go of it", () => {
    const { socket } = openSession();
    const { headers, url, method } = socket.origin;
    socket.request = null;

    expect(socket.request).toBeNull();
    expect(socket.origin).toMatchObject({ headers, url, method, socket: { remoteAddress: "192.0.2.1" } });
  });

  it("belongs to its server", () => {
    const { server, socket } = openSession();

    expect(socket.server).toBe(server);
    expect(server.clients.sid).toBe(socket);
  });

  it("ends when the client floods it with packets that mean nothing", () => {
    const { transport, heard } = openSession({ maxStrayPackets: 3 });
    transport.receive("0", "1", "6");
    expect(heard).toEqual([]);

    transport.receive("5");
    expect(heard).toEqual([["close", "transport error", expect.objectContaining({ code: "ENGINE_STRAY_PACKETS" })]]);
    expect(transport.goodbyes).toContain("terminate");
  });

  it("counts such packets anew after each pong", () => {
    const { transport, socket } = openSession({ maxStrayPackets: 3 });
    for (let count = 0; count < 10; count += 1) transport.receive("6", "6", "3");

    expect(socket.readyState).toBe("open");
  });

  it("logs what the layer above throws, and goes on", () => {
    const { socket, transport, log } = openSession();
    socket.handler.onMessage = () => {
      throw new TypeError("why");
    };
    transport.receive("4a");

    expect(log.lines).toEqual(["error a message handler threw"]);
    expect(log.errors).toEqual([new TypeError("why")]);
    expect(socket.readyState).toBe("open");
  });
});

describe("the queue of a session", () => {
  it("keeps what the transport cannot take, and sends it together, in order", () => {
    const { socket, transport } = openSession();
    transport.becomeUnwritable();
    socket.send("a", { compress: false }).send("b");
    expect(socket.writeBuffer).toEqual([
      { type: "message", data: "a", options: { compress: false } },
      { type: "message", data: "b", options: undefined },
    ]);
    expect(transport.frames).toEqual([]);

    transport.becomeWritable();
    expect(transport.frames).toEqual(["4a", "4b"]);
    expect(transport.batches).toEqual([1, 2]);
    expect(transport.options).toEqual([{ compress: false }, undefined]);
    expect(socket.writeBuffer).toEqual([]);
  });

  it("keeps the order of messages when a ping comes between", () => {
    const { socket, transport, clock } = openSession();
    transport.becomeUnwritable();
    socket.send("a");
    clock.advance(25_000);
    socket.send("b");
    transport.becomeWritable();

    expect(transport.frames).toEqual(["4a", "2", "4b"]);
  });

  it("counts its bytes and those of the transport", () => {
    const { socket, transport } = openSession();
    transport.becomeUnwritable();
    transport.heldBytes = 100;
    socket.send("abc").send(Buffer.alloc(10));
    expect(socket.bufferedBytes).toBe(113);

    transport.becomeWritable();
    expect(socket.bufferedBytes).toBe(100);
  });

  it("ends the session when more bytes wait than maxBufferedBytes", () => {
    const { socket, transport, heard, server } = openSession({ maxBufferedBytes: 10 });
    transport.becomeUnwritable();
    socket.send("x".repeat(10));
    expect(heard).toEqual([]);

    socket.send("y");
    expect(heard).toEqual([["close", "transport error", BUFFER_FULL]]);
    expect(String(heard[0]?.[2])).toContain("11 bytes in 2 packets are waiting");
    expect(transport.goodbyes).toContain("terminate");
    expect(server.clientsCount).toBe(0);
  });

  it("ends the session when more packets wait than maxBufferedPackets", () => {
    const { socket, transport, heard } = openSession({ maxBufferedPackets: 3 });
    transport.becomeUnwritable();
    socket.send("").send("").send("");
    expect(heard).toEqual([]);

    socket.send("");
    expect(heard).toEqual([["close", "transport error", BUFFER_FULL]]);
  });

  it("ends the session when the transport itself holds too much", () => {
    const { socket, transport, heard } = openSession({ maxBufferedBytes: 10 });
    transport.heldBytes = 11;
    socket.send("a");

    expect(heard).toEqual([["close", "transport error", BUFFER_FULL]]);
  });

  it("tells every sender, in order, when what waited has been handed over", () => {
    const { socket, transport } = openSession();
    const order: unknown[] = [];
    transport.becomeUnwritable();
    for (let count = 0; count < 20; count += 1) socket.send(String(count), (to) => order.push([count, to]));
    transport.becomeWritable();

    expect(order).toEqual(Array.from({ length: 20 }, (_, count) => [count, transport]));
  });

  it("tells a sender at once when nothing has to wait", () => {
    const { socket, transport } = openSession();
    const flushed = jest.fn();
    socket.send("a", { compress: false }, flushed);

    expect(flushed).toHaveBeenCalledWith(transport);
    expect(transport.frames).toEqual(["4a"]);
  });

  it("tells the others when one that is told throws", () => {
    const { socket, log } = openSession();
    const flushed = jest.fn();
    socket.send("a", () => {
      throw new TypeError("why");
    });
    socket.send("b", flushed);

    expect(flushed).toHaveBeenCalledTimes(1);
    expect(log.lines).toEqual(["error a callback of send threw"]);
  });

  it("can still be looked at when the session has ended, and not after that", () => {
    const { socket, transport } = openSession();
    const left: unknown[] = [];
    transport.becomeUnwritable();
    socket.send("a");
    socket.on("close", () => left.push(...socket.writeBuffer));
    transport.lose();

    expect(left).toEqual([{ type: "message", data: "a" }]);
    expect(socket.writeBuffer).toEqual([]);
    expect(socket.bufferedBytes).toBe(0);
  });

  it("tells a sender once when its message has left", () => {
    const { socket, transport } = openSession();
    const flushed = jest.fn();
    transport.becomeUnwritable();
    socket.send("a", undefined, flushed);
    expect(flushed).not.toHaveBeenCalled();

    transport.becomeWritable();
    transport.becomeWritable();
    expect(flushed).toHaveBeenCalledTimes(1);
  });
});

describe("the heartbeat of a session", () => {
  it("pings after pingInterval and goes on when the client answers", () => {
    const { transport, clock, heard } = openSession();
    clock.advance(25_000);
    transport.receive("3");
    clock.advance(25_000);

    expect(transport.frames).toEqual(["2", "2"]);
    expect(heard).toEqual([]);
  });

  it("ends the session with a ping timeout when the client does not", () => {
    const { transport, clock, heard, server } = openSession();
    clock.advance(25_000);
    transport.receive("4not a pong");
    clock.advance(20_000);

    expect(heard.at(-1)).toEqual(["close", "ping timeout"]);
    expect(server.clientsCount).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("waits once more when something else comes in the answer's place", () => {
    const { transport, clock, heard } = openSession();
    clock.advance(25_000 + 15_000);
    transport.receive("4busy");
    clock.advance(15_000);
    transport.receive("4still busy");
    expect(heard).toEqual([
      ["message", "busy"],
      ["message", "still busy"],
    ]);

    clock.advance(5_000);
    expect(heard.at(-1)).toEqual(["close", "ping timeout"]);
  });

  it("ends the session with a transport error when the client pings", () => {
    const { transport, heard } = openSession();
    transport.receive("2");

    expect(heard).toEqual([
      [
        "close",
        "transport error",
        expect.objectContaining({ code: "ENGINE_HEARTBEAT_DIRECTION", message: "invalid heartbeat direction" }),
      ],
    ]);
  });

  it("ends a session that wants to close and whose client does not take what is queued", () => {
    const { socket, transport, clock, heard } = openSession();
    transport.becomeUnwritable();
    socket.send("a");
    socket.close();
    clock.advance(45_000);

    expect(heard).toEqual([["close", "ping timeout"]]);
  });
});

/** The rows of the table in the docstring of EngineSocket. */
describe("the states of a session", () => {
  const states: Record<string, (session: EngineSession) => void> = {
    open: () => undefined,
    closing: ({ socket, transport }) => {
      transport.becomeUnwritable();
      socket.send("queued");
      socket.close();
    },
    closed: ({ transport }) => {
      transport.lose();
    },
  };

  const sessionIn = (state: string): EngineSession => {
    const session = openSession();
    states[state]?.(session);
    session.heard.length = 0;
    return session;
  };

  it.each(["open", "closing", "closed"])("are told: %s", (state) => {
    expect(sessionIn(state).socket.readyState).toBe(state);
  });

  it.each<[state: string, heard: unknown[][]]>([
    ["open", [["message", "a"]]],
    ["closing", []],
    ["closed", []],
  ])("%s: of a message from the client the layer above hears %j", (state, heard) => {
    const session = sessionIn(state);
    session.transport.receive("4a");

    expect(session.heard).toEqual(heard);
  });

  it.each<[state: string, frames: MessageData[]]>([
    ["open", ["4a"]],
    ["closing", ["4queued"]],
    ["closed", []],
  ])("%s: of a message that is sent then, %j leaves", (state, frames) => {
    const { socket, transport } = sessionIn(state);
    socket.send("a");
    transport.becomeWritable();

    expect(transport.frames).toEqual(frames);
  });

  it.each<[state: string, heard: unknown[][]]>([
    ["open", [["close", "forced close"]]],
    ["closing", []],
    ["closed", []],
  ])("%s: of close() the layer above hears %j", (state, heard) => {
    const session = sessionIn(state);
    session.socket.close();

    expect(session.heard).toEqual(heard);
  });

  it.each<[state: string, heard: unknown[][]]>([
    ["open", [["close", "transport close"]]],
    ["closing", [["close", "forced close"]]],
    ["closed", []],
  ])("%s: of the transport's end the layer above hears %j", (state, heard) => {
    const session = sessionIn(state);
    session.transport.lose();

    expect(session.heard).toEqual(heard);
  });

  it.each(["open", "closing"])("%s: close(true) drops what is queued and closes at once", (state) => {
    const { socket, transport, heard } = sessionIn(state);
    socket.close(true);
    transport.becomeWritable();

    expect(heard).toEqual([["close", "forced close"]]);
    expect(socket.readyState).toBe("closed");
    expect(transport.frames).toEqual([]);
  });

  it("closing: ends as soon as the queue has left", () => {
    const { socket, transport, heard } = sessionIn("closing");
    transport.becomeWritable();

    expect(transport.frames).toEqual(["4queued"]);
    expect(heard).toEqual([["close", "forced close"]]);
    expect(socket.readyState).toBe("closed");
  });

  it.each(["transport close", "transport error", "parse error"] as const)(
    "tell why the transport ended: %s",
    (reason) => {
      const { transport, heard } = openSession();
      const description = new TypeError("why");
      transport.lose(reason, description);

      expect(heard).toEqual([["close", reason, description]]);
    },
  );

  it("closed: keeps no timer and lets go of the transport", () => {
    const { transport, clock, server } = sessionIn("closed");

    expect(clock.pendingTimers).toBe(0);
    expect(transport.goodbyes).toEqual(["discard"]);
    expect(server.clientsCount).toBe(0);
  });
});

describe("the events of a session", () => {
  const EVENTS = [
    "packet",
    "packetCreate",
    "message",
    "data",
    "flush",
    "drain",
    "heartbeat",
    "upgrading",
    "upgrade",
    "close",
  ];

  const observe = ({ socket }: EngineSession): unknown[][] => {
    const events: unknown[][] = [];
    for (const event of EVENTS) socket.on(event, (...args: unknown[]) => events.push([event, ...args]));
    return events;
  };

  it("tell of a message, before the layer above hears it", () => {
    const session = openSession();
    const events = observe(session);
    session.socket.on("message", () => session.heard.push(["event"]));
    session.transport.receive("4a");

    expect(events).toEqual([
      ["packet", { type: "message", data: "a" }],
      ["data", "a"],
      ["message", "a"],
    ]);
    expect(session.heard).toEqual([["event"], ["message", "a"]]);
  });

  it("tell of a heartbeat", () => {
    const session = openSession();
    const events = observe(session);
    session.transport.receive("3");

    expect(events).toEqual([["packet", { type: "pong", data: undefined }], ["heartbeat"]]);
  });

  it("tell of a message that is sent", () => {
    const session = openSession();
    const events = observe(session);
    session.socket.send("a", { compress: true });

    const packet = { type: "message", data: "a", options: { compress: true } };
    expect(events).toEqual([["packetCreate", packet], ["flush", [packet]], ["drain"]]);
  });

  it.each<[options: SendOptions | undefined, compress: boolean]>([
    [undefined, true],
    [{ compress: undefined }, true],
    [{ compress: false }, false],
  ])("tell of a message sent with %j whether it may be compressed", (options, compress) => {
    const { socket } = openSession();
    const heard: unknown[] = [];
    socket.on("packetCreate", (packet: Packet) => heard.push(packet.options));
    socket.send("a", options);

    expect(heard).toEqual([{ compress }]);
  });

  it("may change what is sent, to bytes of any shape as well", () => {
    const { socket, transport } = openSession();
    socket.on("packetCreate", (packet: { data: unknown }) => (packet.data = new Uint8Array([1, 2])));
    socket.send("a");

    expect(transport.frames).toEqual([Buffer.from([1, 2])]);
  });

  it("tell of the queue's way out", () => {
    const session = openSession();
    session.transport.becomeUnwritable();
    const events = observe(session);
    session.socket.send("a");
    session.transport.becomeWritable();

    const packet = { type: "message", data: "a", options: { compress: true } };
    expect(events).toEqual([["packetCreate", packet], ["flush", [packet]], ["drain"]]);
  });

  it("tell of the end, after the layer above", () => {
    const session = openSession();
    const events = observe(session);
    session.socket.on("close", () => session.heard.push(["event"]));
    session.transport.lose("transport error", "why");

    expect(events).toEqual([["close", "transport error", "why"]]);
    expect(session.heard).toEqual([["close", "transport error", "why"], ["event"]]);
  });

  it.each(["once", "addListener", "prependListener", "prependOnceListener"] as const)(
    "reach a listener of %s",
    (method) => {
      const { socket, transport } = openSession();
      const listener = jest.fn();
      socket[method]("message", listener);
      transport.receive("4a");

      expect(listener).toHaveBeenCalledWith("a");
    },
  );

  it("do not keep the message from the layer above when a listener throws, or rejects", async () => {
    const { socket, transport, heard, log } = openSession();
    socket.on("packet", () => {
      throw new TypeError("thrown");
    });
    socket.on("data", jest.fn().mockRejectedValue(new TypeError("rejected")));
    transport.receive("4a");
    await nextTurn();

    expect(heard).toEqual([["message", "a"]]);
    expect(log.lines).toEqual([
      'error a listener of "packet" on a connection threw',
      'error a listener of "data" on a connection threw',
    ]);
    expect(log.errors).toEqual([new TypeError("thrown"), new TypeError("rejected")]);
  });

  it.each(["packetCreate", "flush", "drain", "close", "heartbeat"])(
    "do no harm when a listener of %s throws",
    (event) => {
      const { socket, transport, log, heard } = openSession();
      socket.on(event, () => {
        throw new TypeError("why");
      });
      transport.becomeUnwritable();
      socket.send("a");
      transport.becomeWritable();
      transport.receive("3");
      transport.lose();

      expect(transport.frames).toEqual(["4a"]);
      expect(heard).toEqual([["close", "transport close"]]);
      expect(new Set(log.lines)).toEqual(new Set([`error a listener of "${event}" on a connection threw`]));
    },
  );
});

describe("the server's events of a session's queue", () => {
  it("tell of its way out, with the session", () => {
    const { server, socket, transport } = openSession();
    const events: unknown[][] = [];
    for (const event of ["flush", "drain"]) server.on(event, (...args: unknown[]) => events.push([event, ...args]));
    transport.becomeUnwritable();
    socket.send("a");
    expect(events).toEqual([]);

    transport.becomeWritable();
    expect(events).toEqual([
      ["flush", socket, [{ type: "message", data: "a" }]],
      ["drain", socket],
    ]);
  });
});
