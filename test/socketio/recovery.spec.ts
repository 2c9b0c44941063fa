import { createServer } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { SessionAwareAdapter, type Session } from "socket.io-adapter";
import * as msgpack from "socket.io-msgpack-parser";
import { SocketError, type Parser, type Server, type Socket } from "../../src/core.js";
import { RecoveryStage, TWO_MINUTES_MS, type RecoveryOptions } from "../support/recovery-stage.js";
import { SocketStage } from "../support/socket-stage.js";

let stage: RecoveryStage;

beforeEach(() => {
  stage = new RecoveryStage();
});

function openWith(recovery: RecoveryOptions): Server {
  stage = new RecoveryStage(recovery);
  return stage.io;
}

describe("a client of a server with connection state recovery", () => {
  it("learns a pid of its own beside its socket's id", () => {
    const ann = stage.enter();
    const bob = stage.enter();

    expect(ann.pid).toMatch(/^[\w-]{20}$/);
    expect(new Set([ann.pid, ann.sid, bob.pid, bob.sid]).size).toBe(4);
  });

  it("gets an offset after the arguments of events and broadcasts, each time another", () => {
    const ann = stage.enter();
    void ann.socket.join("room");
    const offsets = new Set<unknown>();
    const emits = [
      () => ann.socket.emit("direct", 1),
      () => stage.io.emit("all"),
      () => stage.io.to("room").emit("room", { a: [null] }),
      () => ann.socket.send("text"),
    ];
    for (const emit of emits) {
      emit();
      ann.read();
      offsets.add(ann.offset);
    }

    expect(ann.take()).toEqual([
      '42["direct",1,"*"]',
      '42["all","*"]',
      '42["room",{"a":[null]},"*"]',
      '42["message","text","*"]',
    ]);
    expect(offsets.size).toBe(4);
  });

  it("gets none with volatile events, with events that want an answer, and with answers", () => {
    const ann = stage.enter();
    ann.socket.on("ask", (reply: (text: string) => void) => {
      reply("answer");
    });
    ann.socket.volatile.emit("volatile", "x");
    stage.io.volatile.emit("volatile", "y");
    ann.socket.emit("asks", "x", () => undefined);
    stage.io.timeout(1_000).emit("asks", "y", () => undefined);
    ann.client.send('4217["ask"]');

    expect(ann.take()).toEqual([
      '42["volatile","x"]',
      '42["volatile","y"]',
      '420["asks","x"]',
      '421["asks","y"]',
      '4317["answer"]',
    ]);
    expect(ann.offset).toBeUndefined();
  });

  it("gets one with what was emitted while it was being let in, after CONNECT", () => {
    stage.io.sockets.dispatch.setConnect((socket) => {
      socket.emit("welcome", "Ann");
    });
    const ann = stage.enter();

    expect(ann.missed).toEqual([]);
    expect(ann.take()).toEqual(['42["welcome","Ann","*"]']);
  });

  it("does not see its offsets in listeners of what goes out, which hear each event once", () => {
    const heard: unknown[][] = [];
    stage.io.on("connection", (socket) => {
      socket.onAnyOutgoing((...args) => heard.push(args));
    });
    const ann = stage.enter();
    ann.socket.emit("direct", 1);
    stage.io.emit("all", 2);

    expect(heard).toEqual([
      ["direct", 1],
      ["all", 2],
    ]);
  });

  it("leaves the sender's data as they are", () => {
    stage.enter();
    const list = [1, 2];
    stage.io.emit("list", list);

    expect(list).toEqual([1, 2]);
  });

  it("does no harm with data that cannot be encoded, and goes on where it was", () => {
    const ann = stage.enter();
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;

    expect(() => ann.socket.emit("bad", cyclic)).toThrow(SocketError);
    expect(() => stage.io.emit("bad", 1n)).toThrow(SocketError);
    stage.io.emit("good");
    ann.lose();
    expect(ann.comeBack().missed).toEqual(['42["good","*"]']);
  });
});

describe("a client that comes back", () => {
  it("has its id, its rooms, its data and its pid again, and is told apart", () => {
    const ann = stage.enter();
    void ann.socket.join(["room", "other"]);
    ann.socket.data = { name: "Ann" };
    const seen: unknown[] = [];
    stage.io.on("connection", (socket: Socket) => {
      seen.push(socket.id, socket.recovered, [...socket.rooms].sort(), socket.data);
    });
    ann.lose();
    const again = ann.comeBack();

    expect([again.sid, again.pid]).toEqual([ann.sid, ann.pid]);
    expect(seen).toEqual([ann.sid, true, [ann.sid, "other", "room"].sort(), { name: "Ann" }]);
    expect(stage.io.sockets.sockets.size).toBe(1);
  });

  it("gets what was emitted meanwhile before CONNECT, once and in order", () => {
    const ann = stage.enter();
    void ann.socket.join("room");
    stage.io.emit("before");
    ann.read();
    ann.lose();
    stage.io.emit("all", 1);
    stage.io.to("room").emit("room", 2);
    stage.io.to(ann.sid).emit("direct", 3);
    stage.io.to("elsewhere").emit("other", 4);
    stage.io.except("room").emit("other", 5);
    stage.io.to("room").except(ann.sid).emit("other", 6);
    const again = ann.comeBack();
    stage.io.emit("after", 7);

    expect(again.missed).toEqual(['42["all",1,"*"]', '42["room",2,"*"]', '42["direct",3,"*"]']);
    expect(again.take()).toEqual(['42["after",7,"*"]']);
  });

  it("gets what was lost on the way, too", () => {
    const ann = stage.enter();
    stage.io.emit("arrived");
    ann.read();
    stage.io.emit("lost", 1);
    ann.socket.emit("lost", 2);
    ann.lose();
    stage.io.emit("away", 3);

    expect(ann.comeBack().missed).toEqual(['42["lost",1,"*"]', '42["lost",2,"*"]', '42["away",3,"*"]']);
  });

  it("needs to have received nothing", () => {
    const ann = stage.enter();
    ann.lose();
    stage.io.emit("first", 1);
    const again = ann.comeBack();

    expect([again.sid, again.missed]).toEqual([ann.sid, ['42["first",1,"*"]']]);
  });

  it("gets what was on its way when it had received nothing, and nothing from before it came", () => {
    const bob = stage.enter();
    stage.io.emit("earlier", bob.sid);
    const ann = stage.enter();
    stage.io.emit("lost");
    ann.lose();

    expect(ann.comeBack().missed).toEqual(['42["lost","*"]']);
  });

  it("begins where it connected when its offset is from an earlier session", () => {
    const ann = stage.enter();
    stage.io.emit("earlier");
    ann.read();
    stage.io.emit("earlier");
    const anew = stage.enter();
    anew.offset = ann.offset;
    anew.lose();
    stage.io.emit("missed");

    expect(anew.comeBack().missed).toEqual(['42["missed","*"]']);
  });

  it("begins where it connected when its offset is from another server", () => {
    const ann = stage.enter();
    ann.offset = "elsewher.9z";
    ann.lose();
    stage.io.emit("missed");

    expect(ann.comeBack().missed).toEqual(['42["missed","*"]']);
  });

  it("gets what its old socket object was told to emit while it was away", () => {
    const ann = stage.enter();
    const { socket } = ann;
    socket.on("disconnect", () => socket.emit("goodbye"));
    ann.lose();

    expect(socket.emit("news", 1)).toBe(true);
    expect(ann.comeBack().missed).toEqual(['42["goodbye","*"]', '42["news",1,"*"]']);
  });

  it("gets binary events whole, as they were when they were emitted", () => {
    const ann = stage.enter();
    ann.lose();
    const bytes = Buffer.from("abc");
    stage.io.emit("bytes", bytes, { more: new Uint8Array([1, 2]) });
    bytes.fill(0);

    expect(ann.comeBack().missed).toEqual([
      '452-["bytes",{"_placeholder":true,"num":0},{"more":{"_placeholder":true,"num":1}},"*"]',
      Buffer.from("abc"),
      Buffer.from([1, 2]),
    ]);
  });

  it("gets objects as they were when they were emitted", () => {
    const ann = stage.enter();
    ann.lose();
    const user = { name: "Ann" };
    stage.io.emit("user", user);
    user.name = "Bob";

    expect(ann.comeBack().missed).toEqual(['42["user",{"name":"Ann"},"*"]']);
  });

  it("may come back again and again", () => {
    let ann = stage.enter();
    const { sid } = ann;
    for (const round of [1, 2, 3]) {
      ann.lose();
      stage.io.emit("round", round);
      ann = ann.comeBack();
      expect([ann.sid, ann.missed]).toEqual([sid, [`42["round",${round},"*"]`]]);
    }
  });

  it("gets what it missed anew when it was lost while it was catching up", () => {
    const ann = stage.enter();
    ann.lose();
    stage.io.emit("missed");
    const stillborn = stage.enter("/", ann.claim);
    stillborn.lose();

    expect(ann.comeBack().missed).toEqual(['42["missed","*"]']);
  });

  it("has a session in each namespace", () => {
    stage.io.of("/chat");
    const client = stage.enter("/chat");
    stage.io.of("/chat").emit("read", 1);
    client.read();
    client.lose();
    stage.io.emit("main", 1);
    stage.io.of("/chat").emit("chat", 2);
    const stranger = stage.enter("/", client.claim);

    expect(stranger.sid).not.toBe(client.sid);
    expect(client.comeBack().missed).toEqual(['42/chat,["chat",2,"*"]']);
  });

  it("comes back over a parser of the user's", () => {
    stage = new RecoveryStage({}, { parser: msgpack as unknown as Parser });
    const encoder = new msgpack.Encoder();
    const decoded: unknown[] = [];
    const decoder = new msgpack.Decoder();
    decoder.on("decoded", ({ type, data }: { type: number; data: unknown }) => decoded.push([type, data]));
    const ask = (data?: object): void => {
      const client = stage.connect();
      client.send(...(encoder.encode({ type: 0, nsp: "/", data }) as unknown as Buffer[]));
      for (const frame of client.take()) decoder.add(frame);
      client.transport.lose();
    };
    ask();
    const [[, { sid, pid }]] = decoded as [[number, { sid: string; pid: string }]];
    stage.io.emit("news", Buffer.from([7]));
    ask({ pid });

    expect(decoded.slice(1)).toEqual([
      [2, ["news", Buffer.from([7]), expect.any(String)]],
      [0, { sid, pid }],
    ]);
  });
});

describe("the rooms of a client that comes back", () => {
  it("bring nothing that was sent to them before it joined", () => {
    const ann = stage.enter();
    stage.io.emit("read");
    ann.read();
    stage.io.to("secret").emit("before");
    void ann.socket.join("secret");
    stage.io.to("secret").emit("after");
    ann.lose();

    expect(ann.comeBack().missed).toEqual(['42["after","*"]']);
  });

  it("bring what was lost on the way although it has left them since", () => {
    const ann = stage.enter();
    void ann.socket.join("game");
    stage.io.emit("read");
    ann.read();
    stage.io.to("game").emit("over");
    void ann.socket.leave("game");
    stage.io.to("game").emit("next");
    stage.io.except("game").emit("lobby");
    ann.lose();

    expect(ann.comeBack().missed).toEqual(['42["over","*"]', '42["lobby","*"]']);
  });

  it("are told apart by time also after it has come back once", () => {
    const ann = stage.enter();
    stage.io.emit("read");
    ann.read();
    ann.lose();
    stage.io.use((socket, next) => {
      void socket.join("new");
      next();
    });
    stage.io.to("new").emit("before");
    const again = ann.comeBack();
    stage.io.to("new").emit("after");
    again.lose();

    expect(again.missed).toEqual([]);
    expect(again.comeBack().missed).toEqual(['42["after","*"]']);
  });

  it("make it unrecoverable when they changed too often to remember", () => {
    const ann = stage.enter();
    stage.io.emit("read");
    ann.read();
    stage.io.emit("lost");
    for (let room = 0; room < 501; room += 1) void ann.socket.join(`room-${room}`);
    ann.lose();

    expect(ann.comeBack().sid).not.toBe(ann.sid);
  });
});

describe("a new session begins", () => {
  const recoverable = ["transport close", "transport error"] as const;

  it.each(recoverable)("not after %s", (reason) => {
    const ann = stage.enter();
    ann.client.transport.lose(reason);

    expect(ann.comeBack().sid).toBe(ann.sid);
  });

  it("not after a ping timeout", () => {
    const ann = stage.enter();
    stage.clock.advance(45_001);

    expect(stage.io.sockets.sockets.size).toBe(0);
    expect(ann.comeBack().sid).toBe(ann.sid);
  });

  it("not after the server has closed the connection", () => {
    const ann = stage.enter();
    ann.client.send("47");

    expect(ann.comeBack().sid).toBe(ann.sid);
  });

  it("after a parse error", () => {
    const ann = stage.enter();
    ann.client.transport.lose("parse error");

    expect(ann.comeBack().sid).not.toBe(ann.sid);
  });

  it("after the client or the server has disconnected the socket", () => {
    const [ann, bob, eve] = [stage.enter(), stage.enter(), stage.enter()];
    ann.client.send("41");
    bob.socket.disconnect();
    eve.socket.disconnect(true);

    for (const visitor of [ann, bob, eve]) expect(visitor.comeBack().sid).not.toBe(visitor.sid);
  });

  it.each<[what: string, claim: Record<string, unknown>]>([
    ["an unknown pid", { pid: "unknown" }],
    ["the pid __proto__", { pid: "__proto__" }],
    ["a pid that is a number", { pid: 7 }],
    ["a pid that is null", { pid: null }],
    ["a pid that is a list", { pid: ["a"] }],
    ["a pid of a megabyte", { pid: "a".repeat(60_000) }],
    ["an offset alone", { offset: "abcdefgh.1" }],
  ])("with %s", (_what, claim) => {
    const ann = stage.enter("/", claim);

    expect([ann.sid, ann.pid]).toEqual([expect.stringMatching(/^[\w-]{20}$/), expect.stringMatching(/^[\w-]{20}$/)]);
    expect([ann.missed, ann.socket.recovered]).toEqual([[], false]);
  });

  it.each<[what: string, offset: unknown]>([
    ["no offset of anybody", "unknown"],
    ["a number", 1],
    ["null", null],
    ["an object", { toString: "x" }],
    ["a long text", "abcdefgh.1".repeat(100)],
    ["a position that is yet to come", undefined],
  ])("with an offset that is %s", (what, offset) => {
    const ann = stage.enter();
    stage.io.emit("read");
    ann.read();
    ann.lose();
    const future = ann.offset?.replace(/\w+$/, "zzzz");
    const again = stage.enter("/", { pid: ann.pid, offset: what.startsWith("a position") ? future : offset });

    expect(again.sid).not.toBe(ann.sid);
    expect(again.pid).not.toBe(ann.pid);
  });

  it("after the time that a client may be away", () => {
    const [ann, bob] = [stage.enter(), stage.enter()];
    ann.lose();
    bob.lose();
    stage.clock.advance(TWO_MINUTES_MS - 1);
    const again = ann.comeBack();
    stage.clock.advance(1);

    expect(again.sid).toBe(ann.sid);
    expect(bob.comeBack().sid).not.toBe(bob.sid);
  });

  it("after the time that is set", () => {
    openWith({ maxDisconnectionDuration: 1_000 });
    const ann = stage.enter();
    ann.lose();
    stage.clock.advance(1_000);

    expect(ann.comeBack().sid).not.toBe(ann.sid);
  });
});

describe("a session", () => {
  it("is good for one client: a second one begins anew, and the first is closed", () => {
    const ann = stage.enter();
    stage.io.emit("read");
    ann.read();
    ann.lose();
    const first = stage.enter("/", ann.claim);
    const second = stage.enter("/", ann.claim);

    expect(first.sid).toBe(ann.sid);
    expect(second.sid).not.toBe(ann.sid);
    expect(second.pid).not.toBe(ann.pid);
    expect(first.client.conn.readyState).not.toBe("open");
    expect([...stage.io.sockets.sockets.keys()]).toEqual([second.sid]);
  });

  it("is over for both when it was used twice", () => {
    const ann = stage.enter();
    ann.lose();
    const first = stage.enter("/", ann.claim);
    stage.enter("/", ann.claim);

    expect(first.comeBack().sid).not.toBe(ann.sid);
  });

  it("goes over to the new connection of a client whose old one the server has not missed yet", () => {
    const ann = stage.enter();
    const reasons: unknown[] = [];
    ann.socket.on("disconnect", (reason) => reasons.push(reason));
    stage.io.emit("lost");
    const again = stage.enter("/", { pid: ann.pid });

    expect([again.sid, again.missed]).toEqual([ann.sid, ['42["lost","*"]']]);
    expect(reasons).toEqual(["forced close"]);
    expect(ann.client.conn.readyState).not.toBe("open");
    expect(stage.io.sockets.sockets.get(ann.sid)).toBe(again.socket);
  });

  it("goes over once more when the client has received something in between", () => {
    const ann = stage.enter();
    ann.lose();
    const again = ann.comeBack();
    stage.io.emit("read");
    again.read();
    const third = stage.enter("/", again.claim);

    expect(third.sid).toBe(ann.sid);
    expect([...stage.io.sockets.sockets.keys()]).toEqual([ann.sid]);
  });

  it("goes over from a connection that is closing at its own pace", () => {
    const ann = stage.enter();
    ann.client.transport.becomeUnwritable();
    ann.client.conn.close();

    expect(ann.socket.connected).toBe(true);
    expect(stage.enter("/", ann.claim).sid).toBe(ann.sid);
    expect(stage.io.sockets.sockets.size).toBe(1);
  });

  it("does not come back to who asks for it while another is being let in with it", async () => {
    let letIn: (() => void)[] = [];
    const ann = stage.enter();
    stage.io.use((_socket, next) => {
      letIn.push(next);
    });
    ann.lose();
    const [first, second] = [stage.knock("/", ann.claim), stage.knock("/", ann.claim)];
    for (const next of letIn.splice(0)) next();
    letIn = [];
    await nextTurn();

    expect([first.isLetIn(), second.isLetIn()]).toEqual([false, true]);
    expect(second.sid).not.toBe(ann.sid);
  });
});

describe("what decides on clients", () => {
  it("decides anew on those that come back", () => {
    const seen: unknown[] = [];
    stage.io.use((socket, next) => {
      seen.push(["middleware", socket.id, socket.recovered, socket.data]);
      next();
    });
    stage.io.sockets.dispatch.setConnect((socket) => {
      seen.push(["connect handler", socket.id, socket.recovered]);
      socket.data.name = "Ann";
    });
    const ann = stage.enter();
    seen.length = 0;
    ann.lose();
    ann.comeBack();

    expect(seen).toEqual([
      ["middleware", ann.sid, true, { name: "Ann" }],
      ["connect handler", ann.sid, true],
    ]);
  });

  it("is the connect handler alone with skipMiddlewares", () => {
    openWith({ skipMiddlewares: true });
    const seen: unknown[] = [];
    stage.io.use((_socket, next) => {
      seen.push("middleware");
      next();
    });
    stage.io.sockets.dispatch.setConnect(() => {
      seen.push("connect handler");
    });
    const ann = stage.enter();
    ann.lose();
    seen.push("away");
    ann.comeBack();

    expect(seen).toEqual(["middleware", "connect handler", "away", "connect handler"]);
  });

  it("keeps what was missed from clients that it refuses, which may try again until the time is over", () => {
    let isBanned = false;
    stage.io.use((_socket, next) => {
      next(isBanned ? new Error("token expired") : undefined);
    });
    const ann = stage.enter();
    ann.lose();
    stage.io.emit("missed");
    isBanned = true;
    stage.clock.advance(TWO_MINUTES_MS - 1);
    const refused = stage.knock("/", ann.claim);
    isBanned = false;
    const again = ann.comeBack();
    again.lose();
    isBanned = true;
    stage.clock.advance(TWO_MINUTES_MS - 1);
    stage.knock("/", ann.claim);
    isBanned = false;
    stage.clock.advance(1);

    expect(refused.take()).toEqual(['44{"message":"token expired"}']);
    expect([again.sid, again.missed]).toEqual([ann.sid, ['42["missed","*"]']]);
    expect(ann.comeBack().sid).not.toBe(ann.sid);
  });

  it("takes its time: what is emitted meanwhile is not lost", async () => {
    const nexts: (() => void)[] = [];
    const ann = stage.enter();
    ann.lose();
    stage.io.use((_socket, next) => {
      nexts.push(next);
    });
    stage.io.emit("away");
    const again = stage.knock("/", ann.claim);
    stage.io.emit("deciding");
    await nextTurn();
    for (const next of nexts) next();
    stage.io.emit("after");

    expect(again.isLetIn()).toBe(true);
    expect(again.missed).toEqual(['42["away","*"]', '42["deciding","*"]']);
    expect(again.take()).toEqual(['42["after","*"]']);
  });

  it("leaves the session to a client that goes while it is being decided on", async () => {
    const ann = stage.enter();
    ann.lose();
    stage.io.sockets.dispatch.setConnect(async () => nextTurn());
    const gone = stage.knock("/", ann.claim);
    gone.lose();
    await nextTurn();
    const again = stage.knock("/", ann.claim);
    await nextTurn();
    await nextTurn();

    expect(again.isLetIn()).toBe(true);
    expect(again.sid).toBe(ann.sid);
  });
});

describe("acknowledgements in flight", () => {
  it("end with the connection, and answers that come too late are nobody's", async () => {
    const ann = stage.enter();
    const answer = ann.socket.emitWithAck("ask").then(undefined, (error: unknown) => error);
    let calls = 0;
    ann.socket.emit("ask", () => (calls += 1));
    ann.lose();
    const again = ann.comeBack();
    again.client.send('430["late"]', '431["late"]');
    let answered: unknown;
    again.socket.emit("ask", (value: unknown) => (answered = value));
    again.client.send('432["in time"]');

    expect(SocketError.is(await answer, "SOCKET_ACK_DISCONNECTED")).toBe(true);
    expect(again.missed).toEqual([]);
    expect([calls, answered]).toEqual([0, "in time"]);
  });

  it("of the client's are not answered on another connection", () => {
    const ann = stage.enter();
    const replies: ((value: string) => void)[] = [];
    ann.socket.on("ask", (reply: (value: string) => void) => replies.push(reply));
    ann.client.send('420["ask"]');
    ann.lose();
    const again = ann.comeBack();
    for (const reply of replies) reply("late");

    expect(replies.length).toBe(1);
    expect([again.missed, again.take()]).toEqual([[], []]);
  });

  it("refuse events to a client that is away", async () => {
    const ann = stage.enter();
    const { socket } = ann;
    ann.lose();

    await expect(socket.emitWithAck("ask")).rejects.toMatchObject({ code: "SOCKET_CLOSED" });
    expect(ann.comeBack().missed).toEqual([]);
  });
});

describe("what is kept", () => {
  it("is bounded in packets: who needs a dropped one begins anew, who does not goes on", () => {
    openWith({ maxLogPackets: 10 });
    const [ann, bob] = [stage.enter(), stage.enter()];
    void bob.socket.join("bob");
    ann.lose();
    for (let index = 0; index < 8; index += 1) stage.io.emit("flood", index);
    bob.read();
    bob.lose();
    for (let index = 0; index < 10; index += 1) stage.io.emit("flood", index);

    expect(ann.comeBack().sid).not.toBe(ann.sid);
    const bobAgain = bob.comeBack();
    expect([bobAgain.sid, bobAgain.missed.length]).toEqual([bob.sid, 10]);
    expect(stage.io.recoveryMemory.log.size).toBe(10);
  });

  it("is bounded in bytes", () => {
    openWith({ maxLogBytes: 10_000 });
    const ann = stage.enter();
    ann.lose();
    for (let index = 0; index < 100; index += 1) stage.io.emit("flood", "x".repeat(400), Buffer.alloc(400));

    expect(stage.io.recoveryMemory.log.bytes).toBeLessThanOrEqual(10_000);
    expect(stage.io.recoveryMemory.log.size).toBe(9);
    expect(ann.comeBack().sid).not.toBe(ann.sid);
  });

  it("is nothing of a packet beyond the limit", () => {
    openWith({ maxLogBytes: 1_000 });
    const ann = stage.enter();
    ann.lose();
    stage.io.emit("big", "x".repeat(1_000));

    expect(stage.io.recoveryMemory.log.bytes).toBe(0);
    expect(ann.comeBack().sid).not.toBe(ann.sid);
  });

  it("is bounded in clients: the first that went goes first", () => {
    openWith({ maxSessions: 2 });
    const visitors = [stage.enter(), stage.enter(), stage.enter()];
    for (const visitor of visitors) visitor.lose();

    expect(stage.io.recoveryMemory.sessions.size).toBe(2);
    expect(visitors.map((visitor) => visitor.comeBack().sid === visitor.sid)).toEqual([false, true, true]);
  });

  it("is bounded for all namespaces together", () => {
    openWith({ maxLogPackets: 10 });
    for (const name of ["/a", "/b", "/c"]) {
      stage.io.of(name);
      stage.enter(name);
      for (let index = 0; index < 10; index += 1) stage.io.of(name).emit("flood");
    }

    expect(stage.io.recoveryMemory.log.size).toBe(10);
  });

  it("goes when its time is over, without any traffic", () => {
    const ann = stage.enter();
    stage.io.emit("news");
    ann.lose();
    const { log, sessions } = stage.io.recoveryMemory;
    const before = [log.size, sessions.size];
    stage.clock.advance(2 * TWO_MINUTES_MS);

    expect(before).toEqual([1, 1]);
    expect([log.size, log.bytes, sessions.size]).toEqual([0, 0, 0]);
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it("is nothing while nobody is there who could miss it", () => {
    stage.io.emit("into the void");
    const ann = stage.enter();
    ann.client.send("41");
    ann.lose();
    stage.io.emit("into the void");

    expect(stage.io.recoveryMemory.log.size).toBe(0);
  });

  it("goes with the server, which leaves no timer behind", async () => {
    const ann = stage.enter();
    stage.io.emit("news");
    ann.lose();
    stage.enter();
    await stage.io.close();
    stage.io.emit("late");

    const { log, sessions } = stage.io.recoveryMemory;
    expect([log.size, sessions.size]).toEqual([0, 0]);
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it("is kept again when the server serves again", async () => {
    await stage.io.close();
    const http = createServer();
    stage.io.attach(http);
    http.emit("listening");
    const ann = stage.enter();
    ann.lose();
    stage.io.emit("news", 1);

    expect(ann.comeBack().missed).toEqual(['42["news",1,"*"]']);
    await stage.io.close();
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it("serves a client that was idle for long, and missed nothing, although the log has moved on", () => {
    openWith({ maxLogPackets: 10 });
    const ann = stage.enter();
    ann.socket.emit("read");
    ann.read();
    for (let index = 0; index < 100; index += 1) stage.io.to("others").emit("flood", index);
    ann.lose();
    stage.io.emit("missed");
    const again = ann.comeBack();

    expect([again.sid, again.missed]).toEqual([ann.sid, ['42["missed","*"]']]);
  });

  it("is not what a client reads too slowly: it begins anew instead of being cut off each time", () => {
    stage = new RecoveryStage({}, { maxBufferedBytes: 1_000 });
    const ann = stage.enter();
    ann.lose();
    for (let index = 0; index < 10; index += 1) stage.io.emit("news", "x".repeat(200));
    const slow = stage.connect("polling");
    slow.send(`40{"pid":"${ann.pid}"}`);
    slow.take();

    expect(slow.conn.readyState).toBe("closed");
    expect(stage.io.sockets.sockets.size).toBe(0);
    expect(ann.comeBack().sid).not.toBe(ann.sid);
  });

  it("goes with a namespace made on demand, unless clients may come back to it", () => {
    stage = new RecoveryStage({}, { cleanupEmptyChildNamespaces: true });
    const parent = stage.io.of(/^\/room-\d$/);
    const ann = stage.enter("/room-1");
    ann.lose();
    parent.emit("news");
    const again = ann.comeBack();
    again.client.send("41/room-1,");

    expect([again.sid, again.missed]).toEqual([ann.sid, ['42/room-1,["news","*"]']]);
    expect(stage.io._nsps.has("/room-1")).toBe(false);
    stage.enter("/room-2").lose();
    expect(stage.io._nsps.has("/room-2")).toBe(true);
    stage.clock.advance(TWO_MINUTES_MS);
    expect(stage.io._nsps.has("/room-2")).toBe(false);
  });
});

describe("the option connectionStateRecovery", () => {
  it("is off: no pid, no offsets, a new session for everybody", () => {
    const bare = new SocketStage();
    const { transport } = bare.connect();
    transport.receive('40{"pid":"a","offset":"b"}');
    const [connect = ""] = transport.take().map(String);
    bare.io.emit("news");

    expect(Object.keys(JSON.parse(connect.slice(2)) as object)).toEqual(["sid"]);
    expect(transport.take()).toEqual(['42["news"]']);
    expect(bare.io.opts.connectionStateRecovery).toBeUndefined();
  });

  it("has defaults, which adapters may read", () => {
    expect(stage.io.opts.connectionStateRecovery).toEqual({
      maxDisconnectionDuration: 120_000,
      skipMiddlewares: false,
      maxLogPackets: 50_000,
      maxLogBytes: 33_554_432,
      maxSessions: 50_000,
    });
  });

  it.each(["maxDisconnectionDuration", "maxLogPackets", "maxLogBytes", "maxSessions"] as const)(
    "takes no nonsense for %s",
    (name) => {
      for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "1"]) {
        expect(() => openWith({ [name]: value })).toThrow(`option connectionStateRecovery.${name} is ${value}`);
      }
    },
  );
});

describe("an adapter of another kind", () => {
  /** Answers when it is told to. */
  class RemoteAdapter extends SessionAwareAdapter {
    readonly answers: (() => void)[] = [];

    override async restoreSession(pid: string, offset: string): Promise<Session> {
      await new Promise<void>((resolve) => this.answers.push(resolve));
      return super.restoreSession(pid, offset);
    }
  }

  function answer(): void {
    for (const settle of (stage.io.sockets.adapter as RemoteAdapter).answers.splice(0)) settle();
  }

  async function settled(): Promise<void> {
    answer();
    await nextTurn();
  }

  beforeEach(() => {
    stage = new RecoveryStage({}, { adapter: RemoteAdapter });
  });
  const OFFSET = /,"([^",]+)"\]$/;

  it("keeps and restores sessions by socket.io's contract", async () => {
    const ann = stage.enter();
    void ann.socket.join("room");
    stage.io.emit("read");
    const [, offset] = OFFSET.exec(String(ann.take()[0])) ?? [];
    ann.lose();
    stage.io.to("room").emit("missed", 1);
    const again = stage.knock("/", { pid: ann.pid, offset });
    await settled();

    expect(again.isLetIn()).toBe(true);
    expect(again.sid).toBe(ann.sid);
    expect(again.missed.map((frame) => String(frame).replace(OFFSET, ""))).toEqual(['42["missed",1']);
  });

  it("that gives a session out twice still lets one client have it", async () => {
    const ann = stage.enter();
    stage.io.emit("read");
    const [, offset] = OFFSET.exec(String(ann.take()[0])) ?? [];
    ann.lose();
    const both = [stage.knock("/", { pid: ann.pid, offset }), stage.knock("/", { pid: ann.pid, offset })];
    await settled();

    expect(both.map((visitor) => visitor.isLetIn())).toEqual([true, true]);
    expect(both.filter((visitor) => visitor.sid === ann.sid).length).toBe(1);
    expect(stage.io.sockets.sockets.size).toBe(2);
  });

  it("that does not answer makes a new session", async () => {
    const ann = stage.knock("/", { pid: "a", offset: "b" });
    await nextTurn();
    const before = ann.isLetIn();
    stage.clock.advance(5_000);

    expect([before, ann.isLetIn()]).toEqual([false, true]);
  });

  it("is not asked for a client that has received nothing", () => {
    expect(stage.knock("/", { pid: "a" }).isLetIn()).toBe(true);
  });

  it.each<[what: string, answer: () => unknown]>([
    ["rejects", async () => Promise.reject(new Error("down"))],
    [
      "throws",
      () => {
        throw new Error("down");
      },
    ],
    ["answers with nothing", () => null],
    [
      "answers with packets that cannot be encoded",
      async () => ({ sid: "a", pid: "b", rooms: [], missedPackets: [[1n]] }),
    ],
  ])("that %s makes a new session", async (_what, restore) => {
    stage.io.sockets.adapter.restoreSession = restore as never;
    const ann = stage.knock("/", { pid: "a", offset: "b" });
    await nextTurn();

    expect(ann.isLetIn()).toBe(true);
    expect(ann.socket.recovered).toBe(false);
  });

  it("that cannot keep a session harms nobody", async () => {
    const [ann, bob] = [stage.enter(), stage.enter()];
    stage.io.sockets.adapter.persistSession = () => {
      throw new Error("down");
    };
    ann.lose();
    Object.assign(stage.io.sockets.adapter, { persistSession: async () => Promise.reject(new Error("down")) });
    bob.lose();
    await nextTurn();

    expect(stage.log.lines).toEqual(["error an adapter failed", "error an adapter failed"]);
  });

  it("that broadcasts later and fails harms nobody", async () => {
    const ann = stage.enter();
    stage.io.sockets.adapter.broadcast = (async () => Promise.reject(new Error("down"))) as never;
    ann.socket.emit("news");
    await nextTurn();

    expect(stage.log.lines).toEqual(["error an adapter failed"]);
  });

  it("gets no second connection for a client that left while it was asked", async () => {
    const ann = stage.knock("/", { pid: "a", offset: "b" });
    ann.lose();
    await settled();

    expect(stage.io.sockets.sockets.size).toBe(0);
  });
});
