import { setImmediate as nextTurn } from "node:timers/promises";
import { EngineServer, type EngineOptions, type EngineSocket } from "../../../src/engineio/index.js";
import { FakeTransport } from "../../support/fake-transport.js";
import { ManualClock } from "../../support/manual-clock.js";
import { RecordingLogger } from "../../support/recording-logger.js";
import { nextEvent, until } from "../../support/waiting.js";
import { WebTransportPair } from "../../support/webtransport.js";

const UPGRADE_TIMEOUT_MS = 10_000;

let engine: EngineServer;
let clock: ManualClock;
let log: RecordingLogger;

function createEngine(options: EngineOptions = {}): void {
  clock = new ManualClock();
  log = new RecordingLogger();
  engine = new EngineServer({ transports: ["polling", "websocket", "webtransport"], clock, logger: log, ...options });
}

/** A session whose client has opened its stream and sent these frames. */
function connect(...frames: string[]): WebTransportPair {
  const pair = new WebTransportPair();
  void engine.onWebTransportSession(pair.session);
  pair.open();
  pair.send(...frames);
  return pair;
}

/** A session of another transport, with the id "sid". */
function openOther(name: "polling" | "websocket" = "polling"): EngineSocket {
  engine.generateId = () => "sid";
  return engine.accept(new FakeTransport(name), { headers: {}, socket: {} });
}

async function opened(): Promise<{ pair: WebTransportPair; socket: EngineSocket }> {
  const connection = nextEvent(engine, "connection");
  const pair = connect("0");
  const [socket] = (await connection) as [EngineSocket];
  await pair.frame(0);
  return { pair, socket };
}

beforeEach(() => {
  createEngine();
});

describe("a WebTransport session that opens one of the engine's", () => {
  it("gets the handshake", async () => {
    const { pair, socket } = await opened();

    expect(await pair.frame(0)).toBe(
      `0{"sid":"${socket.id}","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`,
    );
    expect([socket.transport.name, socket.protocol, socket.remoteAddress]).toEqual(["webtransport", 4, ""]);
    expect(engine.clientsCount).toBe(1);
  });

  it("carries messages both ways", async () => {
    const { pair, socket } = await opened();
    const heard = nextEvent(socket, "message");
    pair.send("4hello");
    socket.send("hi").send(Buffer.from([1, 2, 3]));

    expect(await heard).toEqual(["hello"]);
    expect([await pair.frame(1), await pair.frame(2)]).toEqual(["4hi", Buffer.from([1, 2, 3])]);
  });

  it("has a heartbeat", async () => {
    const { pair, socket } = await opened();
    clock.advance(25_000);
    expect(await pair.frame(1)).toBe("2");

    const closed = nextEvent(socket, "close");
    clock.advance(20_000);
    expect((await closed)[0]).toBe("ping timeout");
    await pair.end();
  });

  it("ends with it", async () => {
    const { pair, socket } = await opened();
    const closed = nextEvent(socket, "close");
    pair.vanish();

    expect((await closed)[0]).toBe("transport close");
    expect(engine.clientsCount).toBe(0);
  });

  it("ends with its failure", async () => {
    const { pair, socket } = await opened();
    const closed = nextEvent(socket, "close");
    pair.vanish(new Error("connection lost"));

    expect((await closed)[0]).toMatch(/^transport (error|close)$/);
  });

  it("is closed when the engine is", async () => {
    const { pair } = await opened();
    engine.close();
    await pair.end();

    expect(engine.clientsCount).toBe(0);
  });

  it("is closed in time when its client does not read what is left", async () => {
    const { pair, socket } = await opened();
    Object.defineProperty(pair.stream.writable, "close", { value: () => new Promise(() => undefined) });
    socket.close();
    await nextTurn();
    clock.advance(10_000);
    await pair.end();

    expect(clock.pendingTimers).toBe(0);
  });

  it("has the id that generateId makes, now or later", async () => {
    engine.generateId = async () => Promise.resolve("later");

    expect((await opened()).socket.id).toBe("later");
  });

  it.each<[how: string, options: EngineOptions]>([
    ["refuses", { allowRequest: (_request, reply) => reply("no", false) }],
    [
      "throws",
      {
        allowRequest: () => {
          throw new TypeError("why");
        },
      },
    ],
  ])("is refused when allowRequest %s", async (_how, options) => {
    createEngine(options);
    await connect("0").end();

    expect(engine.clientsCount).toBe(0);
  });

  it("is what allowRequest sees of it: no headers, no address", async () => {
    const seen: unknown[] = [];
    createEngine({
      allowRequest: ({ headers, method }, reply) => {
        seen.push(headers, method);
        reply(null, true);
      },
    });
    await opened();

    expect(seen).toEqual([{}, "CONNECT"]);
  });

  it("may come beside the option cors", async () => {
    createEngine({ cors: { origin: "https://a.example" } });

    expect((await opened()).socket.transport.name).toBe("webtransport");
  });
});

describe("a WebTransport session is closed", () => {
  it("when the transport is not asked for", async () => {
    createEngine({ transports: ["polling", "websocket"] });
    await connect("0").end();

    expect(engine.clientsCount).toBe(0);
  });

  it("when a middleware would be bypassed", async () => {
    engine.use((_request, _response, next) => next());
    await connect("0").end();

    expect(engine.clientsCount).toBe(0);
  });

  it("when the engine is closed", async () => {
    engine.close();
    await connect("0").end();

    expect(engine.clientsCount).toBe(0);
  });

  it.each(["4hello", "1", "2", "2probe", "6", "x", '0{"sid":7}', "0null", "0junk", '0{"sid":"unknown"}', "0{}"])(
    "when it begins with %j",
    async (frame) => {
      await connect(frame).end();

      expect(engine.clientsCount).toBe(0);
      expect(clock.pendingTimers).toBe(0);
    },
  );

  it.each([
    ["a length of 0", "00"],
    ["bytes of a length of 0", "80"],
    ["a length beyond the limit", "7f00000000000f424134"],
    ["a length beyond all numbers", "7fffffffffffffffff34"],
    ["bytes for text", "8130"],
  ])("when it begins with %s", async (_what, bytes) => {
    const pair = new WebTransportPair();
    void engine.onWebTransportSession(pair.session);
    pair.open();
    pair.sendBytes(Buffer.from(bytes, "hex"));
    await pair.end();

    expect(engine.clientsCount).toBe(0);
  });

  it.each<[how: string, begin: (pair: WebTransportPair) => void]>([
    ["opens no stream", () => undefined],
    [
      "says nothing on its stream",
      (pair) => {
        pair.open();
      },
    ],
    [
      "does not end its first packet",
      (pair) => {
        pair.open();
        pair.sendBytes(Buffer.from("7e0100", "hex"), Buffer.alloc(100, "0"));
      },
    ],
  ])("after upgradeTimeout when its client %s", async (_how, begin) => {
    const pair = new WebTransportPair();
    void engine.onWebTransportSession(pair.session);
    begin(pair);
    await nextTurn();
    clock.advance(UPGRADE_TIMEOUT_MS - 2);
    expect(pair.isClosed).toBe(false);

    clock.advance(2);
    await pair.end();
    expect(clock.pendingTimers).toBe(0);
  });

  it("when its client goes before it has said anything", async () => {
    const pair = new WebTransportPair();
    const handled = engine.onWebTransportSession(pair.session);
    pair.open();
    pair.vanish(new Error("connection lost"));
    await handled;

    expect(clock.pendingTimers).toBe(0);
    expect(engine.clientsCount).toBe(0);
  });

  it("when its stream is of no use, and says so", async () => {
    const pair = new WebTransportPair();
    pair.stream.writable.getWriter();
    const handled = engine.onWebTransportSession(pair.session);
    pair.open();
    pair.send("0");
    await handled;

    expect(pair.isClosed).toBe(true);
    expect(log.lines).toEqual(["error a WebTransport session could not be opened"]);
    expect(engine.clientsCount).toBe(0);
  });
});

describe("a WebTransport session that upgrades one of the engine's", () => {
  const probe = (): WebTransportPair => connect('0{"sid":"sid"}', "2probe");

  it.each([
    ["polling", ["4before", "4after"]],
    ["websocket", ["4after"]],
  ] as const)("goes by a probe, from %s, and takes over %j", async (name, frames) => {
    const socket = openOther(name);
    const previous = socket.transport;
    const pair = probe();
    expect(await pair.frame(0)).toBe("3probe");
    socket.send("before");
    pair.send("5");
    await until(() => socket.upgraded, "the session is upgraded");
    socket.send("after");

    expect(socket.transport.name).toBe("webtransport");
    expect((previous as FakeTransport).goodbyes).toEqual(["discard"]);
    for (const [index, frame] of frames.entries()) expect(await pair.frame(index + 1)).toBe(frame);
  });

  it("is offered to those that poll, when it is asked for", () => {
    expect(engine.upgrades("polling")).toEqual(["websocket", "webtransport"]);
    createEngine({ transports: ["polling", "webtransport"] });
    expect(engine.upgrades("polling")).toEqual(["webtransport"]);
    expect([engine.upgrades("websocket"), engine.upgrades("pigeon")]).toEqual([[], []]);
  });

  it("has its time", async () => {
    const socket = openOther();
    const pair = probe();
    await pair.frame(0);
    clock.advance(UPGRADE_TIMEOUT_MS);
    await pair.end();

    expect([socket.readyState, socket.transport.name, socket.attempt]).toEqual(["open", "polling", undefined]);
  });

  it("is one at a time", async () => {
    const socket = openOther();
    const first = probe();
    await first.frame(0);
    await connect('0{"sid":"sid"}').end();
    first.send("5");
    await until(() => socket.upgraded, "the first is taken");

    expect(socket.transport.name).toBe("webtransport");
  });

  it("comes once", async () => {
    const socket = openOther();
    const first = probe();
    await first.frame(0);
    first.send("5");
    await until(() => socket.upgraded, "the session is upgraded");
    await probe().end();

    expect(socket.readyState).toBe("open");
    expect(first.isClosed).toBe(false);
  });

  it("is refused where upgrades are switched off", async () => {
    createEngine({ allowUpgrades: false });
    const socket = openOther();
    await probe().end();

    expect(socket.transport.name).toBe("polling");
  });

  it("is refused to a client of another revision", async () => {
    class OldTransport extends FakeTransport {
      override get protocol(): number {
        return 3;
      }
    }
    engine.generateId = () => "sid";
    const socket = engine.accept(new OldTransport("polling"), { headers: {}, socket: {} });
    await probe().end();

    expect(socket.attempt).toBeUndefined();
  });
});
