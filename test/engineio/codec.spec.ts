import fc from "fast-check";
import { decodePacket, decodePayload, encodePacket, encodePayload } from "../../src/engineio/codec.js";
import { EngineError } from "../../src/engineio/index.js";
import type { Packet, PacketType } from "../../src/engineio/index.js";
import { texts } from "../support/texts.js";

const SEPARATOR = "\x1e";

describe("decodePacket", () => {
  it.each<[frame: string, packet: Packet]>([
    ["0", { type: "open" }],
    ["1", { type: "close" }],
    ["2", { type: "ping" }],
    ["2probe", { type: "ping", data: "probe" }],
    ["3", { type: "pong" }],
    ["3probe", { type: "pong", data: "probe" }],
    ["4", { type: "message" }],
    ['42["say",1]', { type: "message", data: '2["say",1]' }],
    ["4é🐦", { type: "message", data: "é🐦" }],
    ["44", { type: "message", data: "4" }],
    ["5", { type: "upgrade" }],
    ["6", { type: "noop" }],
    ["bAQID", { type: "message", data: Buffer.from("010203", "hex") }],
    ["b", { type: "message", data: Buffer.alloc(0) }],
  ])("reads %j", (frame, packet) => {
    expect(decodePacket(frame)).toEqual(packet);
  });

  it.each(["", "7", "9", "a", "B", " 4", "\x1e", "-1", "é", "\u0000"])("refuses %j", (frame) => {
    expect(() => decodePacket(frame)).toThrow(
      expect.objectContaining({ code: "ENGINE_BAD_PAYLOAD", message: "a packet could not be decoded: parser error" }),
    );
  });
});

describe("a binary message as text", () => {
  it.each(["bAQID", "bAQ==", "bAQI=", "b++//", `b${"AAAA".repeat(300_000)}`])("is read (%.20s)", (frame) => {
    const { type, data } = decodePacket(frame);

    expect(type).toBe("message");
    expect(Buffer.from(frame.slice(1), "base64").equals(data as Buffer)).toBe(true);
  });

  it.each([
    "b=",
    "b===",
    "b!!!",
    "bAQI",
    "bAQI D",
    "bAQID\n",
    "b AQID",
    "bA=ID",
    "bAQ=I",
    "b-_-_",
    "bé==",
    "bA===",
    "b4AQID",
  ])("is refused when it is no base64: %j", (frame) => {
    expect(() => decodePacket(frame)).toThrow("a packet could not be decoded: invalid base64");
    expect(() => decodePayload(`4a\x1e${frame}`)).toThrow("invalid base64");
  });
});

describe("encodePacket", () => {
  it.each<[frame: string | Buffer, packet: Packet]>([
    ["0{}", { type: "open", data: "{}" }],
    ["1", { type: "close" }],
    ["2", { type: "ping" }],
    ["3probe", { type: "pong", data: "probe" }],
    ['42["say",1]', { type: "message", data: '2["say",1]' }],
    ["4", { type: "message", data: "" }],
    ["6", { type: "noop" }],
    [Buffer.from("010203", "hex"), { type: "message", data: Buffer.from("010203", "hex") }],
  ])("writes %p", (frame, packet) => {
    expect(encodePacket(packet)).toEqual(frame);
  });
});

describe("decodePayload", () => {
  it.each<[body: string, packets: Packet[]]>([
    ["4a", [{ type: "message", data: "a" }]],
    ["4a\x1e4b\x1e3", [{ type: "message", data: "a" }, { type: "message", data: "b" }, { type: "pong" }]],
    [
      '451-["bin",{"_placeholder":true,"num":0}]\x1ebAQID',
      [
        { type: "message", data: '51-["bin",{"_placeholder":true,"num":0}]' },
        { type: "message", data: Buffer.from("010203", "hex") },
      ],
    ],
    ["1", [{ type: "close" }]],
  ])("reads %j", (body, packets) => {
    expect(decodePayload(body)).toEqual(packets);
  });

  it.each(["", "\x1e", "4a\x1e", "\x1e4a", "4a\x1e\x1e4b", "4a\x1eabc", "abc", "\ufeff4a"])(
    "refuses the whole of %j when one packet is bad",
    (body) => {
      const decode = (): unknown => decodePayload(body);

      expect(decode).toThrow(expect.objectContaining({ code: "ENGINE_BAD_PAYLOAD" }));
    },
  );

  it("throws an error of the engine", () => {
    let thrown: unknown;
    try {
      decodePayload("");
    } catch (error) {
      thrown = error;
    }

    expect(EngineError.is(thrown, "ENGINE_BAD_PAYLOAD")).toBe(true);
  });
});

describe("encodePayload", () => {
  it("joins packets with U+001E, bytes as base64", () => {
    const packets: Packet[] = [
      { type: "message", data: "2[]" },
      { type: "message", data: Buffer.from("010203", "hex") },
      { type: "ping" },
    ];

    expect(encodePayload(packets)).toBe("42[]\x1ebAQID\x1e2");
  });

  it("writes nothing for no packets", () => {
    expect(encodePayload([])).toBe("");
  });
});

describe("the codec", () => {
  const text = texts().filter((data) => !data.includes(SEPARATOR) && data !== "");
  const bytes = fc.uint8Array().map((data) => Buffer.from(data));
  const message = fc.record({ type: fc.constant<PacketType>("message"), data: fc.oneof(text, bytes) });
  const control = fc.oneof(
    fc.record({ type: fc.constantFrom<PacketType>("open", "close", "ping", "pong", "upgrade", "noop") }),
    fc.record({ type: fc.constantFrom<PacketType>("ping", "pong"), data: fc.constant("probe") }),
  );
  const packet = fc.oneof(message, control);

  it("reads every payload it writes", () => {
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1 }), (packets) => {
        expect(decodePayload(encodePayload(packets))).toEqual(packets);
      }),
    );
  });

  it("reads every text frame it writes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.record({ type: fc.constant<PacketType>("message"), data: text }), control), (sent) => {
        expect(decodePacket(encodePacket(sent) as string)).toEqual(sent);
      }),
    );
  });

  it("answers any text with packets or its own error", () => {
    fc.assert(
      fc.property(texts(), (body) => {
        expect(isReadOrRefused(body)).toBe(true);
      }),
    );
  });
});

function isReadOrRefused(body: string): boolean {
  try {
    return decodePayload(body).length > 0;
  } catch (error) {
    return EngineError.is(error, "ENGINE_BAD_PAYLOAD");
  }
}
