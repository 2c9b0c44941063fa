import { setImmediate as nextTurn } from "node:timers/promises";
import type { WebSocketTransport } from "../../../src/engineio/transports/websocket.js";
import { RecordingHandler } from "../../support/recording-handler.js";
import {
  clientFrame,
  CLOSE,
  FINAL_BINARY,
  FINAL_TEXT,
  openWire,
  PING,
  PONG,
  type Wire,
  type WireOptions,
} from "../../support/wire.js";
import { until } from "../../support/waiting.js";

let transport: WebSocketTransport;
let wire: Wire;
let handler: RecordingHandler;

function open(options?: WireOptions): void {
  ({ transport, wire } = openWire(options));
  handler = new RecordingHandler();
  transport.handler = handler;
}

afterEach(() => {
  transport.terminate();
});

/** What the client sends, once ws has read it. */
async function receive(...frames: Buffer[]): Promise<void> {
  wire.push(Buffer.concat(frames));
  await nextTurn();
}

describe("a WebSocket transport", () => {
  beforeEach(() => {
    open();
  });

  it.each<[text: string, heard: unknown[]]>([
    ['42["say",1]', ["message", '2["say",1]']],
    ["4é🐦", ["message", "é🐦"]],
    ["4", ["message", ""]],
    ["bAQID", ["message", Buffer.from("010203", "hex")]],
    ["3", ["pong"]],
    ["2probe", ["ping", "probe"]],
    ["5", ["upgrade"]],
    ["1", ["close"]],
  ])("reads the text frame %j", async (text, heard) => {
    await receive(clientFrame(FINAL_TEXT, text));

    expect(handler.heard).toEqual([heard]);
  });

  it.each(["010203", "34", ""])("reads the binary frame <%s>", async (payload) => {
    await receive(clientFrame(FINAL_BINARY, Buffer.from(payload, "hex")));

    expect(handler.heard).toEqual([["message", Buffer.from(payload, "hex")]]);
  });

  it("reads a message that comes in fragments", async () => {
    await receive(clientFrame(0x01, '42["s'), clientFrame(0x80, 'ay",1]'));

    expect(handler.heard).toEqual([["message", '2["say",1]']]);
  });

  it.each(["", "7", "x"])("ends with a parse error at the text frame %j, and closes", async (text) => {
    await receive(clientFrame(FINAL_TEXT, text));

    expect(handler.heard).toEqual([["end", "parse error", expect.objectContaining({ code: "ENGINE_BAD_PAYLOAD" })]]);
    expect(wire.writes).toEqual(["8800"]);
  });

  it.each([
    ["a reserved bit", Buffer.from("c18000000000", "hex"), "880203ea", "Invalid WebSocket frame: RSV1 must be clear"],
    ["no mask", Buffer.from("810134", "hex"), "880203ea", "Invalid WebSocket frame: MASK must be set"],
    ["invalid UTF-8", clientFrame(FINAL_TEXT, Buffer.from("34ff", "hex")), "880203ef", "invalid UTF-8 sequence"],
    ["more than maxPayload", Buffer.from("81fe07d000000000", "hex"), "880203f1", "Max payload size exceeded"],
  ])("ends with a transport error at a frame with %s", async (_what, frame, written, message) => {
    await receive(frame);

    expect(handler.heard[0]).toEqual(["end", "transport error", expect.anything()]);
    expect(String(handler.heard[0]?.[2])).toContain(message);
    expect(wire.writes).toEqual([written]);
  });

  it("answers a ping of the protocol by itself", async () => {
    await receive(clientFrame(PING, "hi"));

    expect(handler.heard).toEqual([]);
    expect(wire.writes).toEqual(["8a026869"]);
  });

  it("tells of each ping and pong of the protocol that it means nothing", async () => {
    await receive(clientFrame(PING, "hi"), clientFrame(PONG, ""), clientFrame(PONG, "unasked"));

    expect(handler.strays).toBe(3);
  });

  it("ends when the client closes", async () => {
    await receive(clientFrame(CLOSE, ""));
    expect(wire.writes).toEqual(["8800"]);

    wire.push(null);
    await until(() => handler.heard.length > 0, "the transport has ended");
    expect(handler.heard).toEqual([["end", "transport close"]]);
  });

  it("ends when the connection breaks", async () => {
    wire.destroy();
    await until(() => handler.heard.length > 0, "the transport has ended");

    expect(handler.heard).toEqual([["end", "transport close"]]);
    expect(transport.ready).toBe(false);
  });

  it.each<[how: string, act: () => void]>([
    [
      "is broken already",
      () => {
        wire.destroy();
        transport.sendMessage("a");
      },
    ],
    [
      "breaks with it",
      () => {
        wire.destroy(Object.assign(new Error("write EPIPE"), { syscall: "write" }));
      },
    ],
    [
      "breaks before the client has taken it",
      () => {
        wire.isStuck = true;
        transport.sendMessage("a");
        setImmediate(() => {
          wire.destroy(Object.assign(new Error("read ECONNRESET"), { syscall: "read" }));
        });
      },
    ],
  ])("ends with a write error when something is written to a connection that %s", async (_how, act) => {
    act();
    await until(() => handler.heard.some(([what]) => what === "end"), "the transport has ended");

    const error = expect.objectContaining({ code: "ENGINE_WRITE", message: "write error" });
    expect(handler.heard.at(-1)).toEqual(["end", "transport error", error]);
  });

  it("ends once when an error comes before the close", async () => {
    wire.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
    await until(() => handler.heard.length > 0, "the transport has ended");
    await nextTurn();

    expect(handler.heard).toHaveLength(1);
  });

  it("writes text, bytes and control packets as frames of one write", async () => {
    transport.sendMessage('2["say"]');
    transport.sendMessage(Buffer.from("010203", "hex"));
    transport.send([{ type: "ping" }, { type: "pong", data: "probe" }, { type: "message", data: "é" }]);
    expect(wire.writes).toEqual([]);

    await nextTurn();
    expect(wire.writes).toEqual([
      "8109" + hex('42["say"]') + "8203010203" + "810132" + "8106" + hex("3probe") + "8103" + hex("4é"),
    ]);
  });

  it("takes the frame of a broadcast as it was made", async () => {
    const parts = [Buffer.from("8104", "hex"), Buffer.from("42[]")];
    transport.sendMessage("what it was made of", { wsPreEncodedFrame: parts });
    transport.sendMessage("the same broadcast again", { wsPreEncodedFrame: parts });
    await nextTurn();

    expect(wire.writes).toEqual(["8104" + hex("42[]") + "8104" + hex("42[]")]);
  });

  it("is not writable from a write to the end of the turn, though it stays ready", async () => {
    expect([transport.writable, transport.ready]).toEqual([true, true]);
    transport.sendMessage("a");
    expect([transport.writable, transport.ready]).toEqual([false, true]);

    await nextTurn();
    expect([transport.writable, transport.ready]).toEqual([true, true]);
    expect(handler.heard).toEqual([["writable"]]);
  });

  it("is not writable while the client reads too slowly, and counts the bytes", async () => {
    wire.isStuck = true;
    transport.sendMessage("x".repeat(100_000));
    await nextTurn();
    expect([transport.writable, transport.ready]).toEqual([false, true]);
    expect(transport.bufferedBytes).toBe(100_001 + 10);

    wire.unstick();
    await until(() => transport.writable, "the client has read on");
    expect(transport.bufferedBytes).toBe(0);
  });

  it("writes the close frame after the messages of the turn", async () => {
    transport.sendMessage("a");
    transport.close();
    await nextTurn();

    expect(wire.writes.join("")).toBe("8102" + hex("4a") + "8800");
    expect(handler.heard[0]).toEqual(["end", "transport close"]);
  });

  it("closes without a code, as socket.io does", async () => {
    transport.close();
    transport.close();
    await nextTurn();

    expect(wire.writes).toEqual(["8800"]);
    expect(handler.heard).toEqual([["end", "transport close"]]);
    expect(transport.readyState).toBe("closed");
  });

  it("says goodbye when it is discarded, and delivers nothing more", async () => {
    transport.discard();
    await receive(clientFrame(FINAL_TEXT, "4late"), clientFrame(FINAL_TEXT, "x"), clientFrame(CLOSE, ""));

    expect(wire.writes).toEqual(["8800"]);
    expect(handler.heard).toEqual([]);
  });

  it("drops what waits when it is terminated", async () => {
    transport.sendMessage("a");
    transport.terminate();
    await nextTurn();

    expect(wire.writes).toEqual([]);
    expect(wire.destroyed).toBe(true);
    expect(handler.heard).toEqual([]);
  });
});

describe("a WebSocket transport with permessage-deflate", () => {
  beforeEach(() => {
    open({ deflate: true });
  });

  const written = async (count: number): Promise<string[]> => {
    await until(() => wire.writes.length >= count, `${count} writes`);
    return wire.writes;
  };

  it("compresses what is long enough", async () => {
    transport.sendMessage("x".repeat(2_000));
    const [frame = ""] = await written(1);

    expect(frame.slice(0, 2)).toBe("c1");
    expect(frame.length / 2).toBeLessThan(100);
  });

  it("leaves alone what is short, what is not to be compressed, and control packets", async () => {
    transport.sendMessage("a");
    transport.sendMessage("x".repeat(2_000), { compress: false });
    transport.send([{ type: "ping" }]);
    await until(() => wire.writes.join("").endsWith("810132"), "all are written");

    expect(wire.writes.join("")).toBe("8102" + hex("4a") + "817e07d1" + hex("4" + "x".repeat(2_000)) + "810132");
  });

  it("leaves alone what is shorter than the threshold", async () => {
    open({ deflate: true, deflateThreshold: 1_501 });
    transport.sendMessage("é".repeat(749));
    transport.sendMessage("é".repeat(750));
    const [short = "", long = ""] = await written(2);

    expect([short.slice(0, 8), long.slice(0, 2)]).toEqual(["817e05db", "c1"]);
  });

  it("does not take a broadcast's frame, which is not compressed", async () => {
    transport.sendMessage("a", { wsPreEncodedFrame: [Buffer.from("8104", "hex"), Buffer.from("42[]")] });
    await written(1);

    expect(wire.writes.join("")).toBe("8102" + hex("4a"));
  });

  it("tells when a message has been handed over", async () => {
    transport.sendMessage("x".repeat(2_000));
    await written(1);
    await until(() => handler.heard.length > 0, "the transport is writable");

    expect(handler.heard).toEqual([["writable"]]);
  });

  it("counts the bytes that wait to be compressed", () => {
    for (let count = 0; count < 10; count += 1) transport.sendMessage("x".repeat(2_000));

    expect(transport.bufferedBytes).toBeGreaterThan(10_000);
  });
});

function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}
