import { setImmediate as nextTurn } from "node:timers/promises";
import { uncorkAfterTurn } from "../../../src/engineio/transports/corked-writes.js";
import type { WebSocketTransport } from "../../../src/engineio/transports/websocket.js";
import { EngineServer } from "../../../src/engineio/index.js";
import { openWire, upgradeRequest, Wire } from "../../support/wire.js";

const opened: WebSocketTransport[] = [];

afterEach(() => {
  for (const transport of opened.splice(0)) transport.terminate();
});

function open(): { transport: WebSocketTransport; wire: Wire } {
  const ends = openWire();
  opened.push(ends.transport);
  return ends;
}

describe("messages of one turn", () => {
  it("leave in one write, eight of them", async () => {
    const { transport, wire } = open();
    for (let count = 1; count <= 8; count += 1) transport.sendMessage(String(count));
    expect(wire.writes).toEqual([]);

    await nextTurn();
    expect(wire.writes).toEqual(["8102343181023432810234338102343481023435810234368102343781023438"]);
  });

  it("leave together also when they come from promises and ticks of that turn", async () => {
    const { transport, wire } = open();
    transport.sendMessage("1");
    process.nextTick(() => {
      transport.sendMessage("2");
    });
    queueMicrotask(() => {
      transport.sendMessage("3");
    });
    await nextTurn();

    expect(wire.writes).toHaveLength(1);
    expect(wire.writes[0]).toHaveLength(3 * 8);
  });

  it("leave before those of the next turn", async () => {
    const { transport, wire } = open();
    transport.sendMessage("1");
    await nextTurn();
    transport.sendMessage("2");
    await nextTurn();

    expect(wire.writes).toEqual(["81023431", "81023432"]);
  });

  it("leave in one write per connection", async () => {
    const ends = Array.from({ length: 3 }, open);
    for (const { transport } of [...ends, ...ends]) transport.sendMessage("1");
    await nextTurn();

    expect(ends.map(({ wire }) => wire.writes)).toEqual([
      ["8102343181023431"],
      ["8102343181023431"],
      ["8102343181023431"],
    ]);
  });

  it("keep their order with the control frames that ws writes by itself", async () => {
    const { transport, wire } = open();
    transport.sendMessage("1");
    wire.push(Buffer.from("898000000000", "hex"));
    await nextTurn();
    transport.sendMessage("2");
    await nextTurn();

    expect(wire.writes.join("")).toMatch(/^81023431(8a00)?81023432(8a00)?$/);
    expect(wire.writes.join("")).toContain("8a00");
  });
});

describe("a new connection", () => {
  it("is answered and greeted in one write", async () => {
    const engine = new EngineServer();
    const wire = new Wire();
    engine.handleUpgrade(upgradeRequest(), wire, Buffer.alloc(0));
    await nextTurn();

    expect(wire.writes).toHaveLength(1);
    expect(Buffer.from(wire.writes[0] ?? "", "hex").toString("latin1")).toMatch(/^HTTP\/1\.1 101 .+\{"sid":.+\}$/s);
    engine.close();
    wire.destroy();
  });

  it("is refused at once", () => {
    const engine = new EngineServer();
    const wire = new Wire();
    const request = upgradeRequest();
    request.headers["sec-websocket-version"] = "7";
    engine.handleUpgrade(request, wire, Buffer.alloc(0));

    expect(Buffer.from(wire.writes[0] ?? "", "hex").toString("latin1")).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(wire.writableEnded).toBe(true);
    engine.close();
    wire.destroy();
  });
});

describe("uncorkAfterTurn", () => {
  it("uncorks each writer once, at the end of the turn", async () => {
    const uncorked: string[] = [];
    uncorkAfterTurn({ uncork: () => uncorked.push("a") });
    uncorkAfterTurn({ uncork: () => uncorked.push("b") });
    expect(uncorked).toEqual([]);

    await nextTurn();
    await nextTurn();
    expect(uncorked).toEqual(["a", "b"]);
  });

  it("takes a writer that corks again while it is uncorked, for the next turn", async () => {
    const uncorked: number[] = [];
    const writer = {
      uncork: () => {
        if (uncorked.push(uncorked.length) < 3) uncorkAfterTurn(writer);
      },
    };
    uncorkAfterTurn(writer);
    await nextTurn();
    expect(uncorked).toEqual([0]);

    await nextTurn();
    await nextTurn();
    expect(uncorked).toEqual([0, 1, 2]);
  });
});
