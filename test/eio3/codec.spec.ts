import { decodeBytes, decodeText, encodeBytes, encodeText } from "../../src/eio3/codec.js";
import type { Packet } from "../../src/engineio/index.js";

const bytes = (hex: string): Buffer => Buffer.from(hex, "hex");
const badPayload = expect.objectContaining({ code: "ENGINE_BAD_PAYLOAD" }) as Error;

describe("decodeText", () => {
  it.each<[text: string, packet: Packet]>([
    ["0", { type: "open" }],
    ["1", { type: "close" }],
    ["2", { type: "ping" }],
    ["2probe", { type: "ping", data: "probe" }],
    ["3probe", { type: "pong", data: "probe" }],
    ["4", { type: "message" }],
    ['42["say",1]', { type: "message", data: '2["say",1]' }],
    ["4é🐦", { type: "message", data: "é🐦" }],
    ["5", { type: "upgrade" }],
    ["6", { type: "noop" }],
    ["b4AQID", { type: "message", data: bytes("010203") }],
    ["b4AQI=", { type: "message", data: bytes("0102") }],
    ["b4", { type: "message", data: Buffer.alloc(0) }],
    // The data begins with what elsewhere is a type.
    ["b44444", { type: "message", data: bytes("e38e38") }],
  ])("reads %j", (text, packet) => {
    expect(decodeText(text)).toEqual(packet);
  });

  it.each(["", "7", "9", "a", "B4", " 4", "-1", "é", "\u0000", "٤"])("refuses the type of %j", (text) => {
    expect(() => decodeText(text)).toThrow(badPayload);
  });

  it.each([
    "b",
    "b2",
    "b2AQID",
    "bAQID",
    "b4AQI",
    "b4===",
    "b4A===",
    "b4!!!!",
    "b4AQ ID",
    "b4AQID\n",
    "b4AQ=D",
    "b4AQ_-",
  ])("refuses the base64 of %j", (text) => {
    expect(() => decodeText(text)).toThrow(badPayload);
  });
});

describe("decodeBytes", () => {
  it("reads a message behind its type", () => {
    expect(decodeBytes(bytes("04010203"))).toEqual({ type: "message", data: bytes("010203") });
    expect(decodeBytes(bytes("04"))).toEqual({ type: "message", data: Buffer.alloc(0) });
  });

  it.each(["", "00", "02", "34010203", "ff", "05"])("refuses %j: only messages carry bytes", (hex) => {
    expect(() => decodeBytes(bytes(hex))).toThrow(badPayload);
  });
});

describe("encodeText", () => {
  it.each<[text: string, packet: Packet]>([
    ["0{}", { type: "open", data: "{}" }],
    ["1", { type: "close" }],
    ["3", { type: "pong" }],
    ["3probe", { type: "pong", data: "probe" }],
    ['42["say",1]', { type: "message", data: '2["say",1]' }],
    ["4", { type: "message", data: "" }],
    ["6", { type: "noop" }],
    ["b4AQID", { type: "message", data: bytes("010203") }],
  ])("writes %j", (text, packet) => {
    expect(encodeText(packet)).toBe(text);
  });
});

describe("encodeBytes", () => {
  it("puts the type of a message, the number 4, in front", () => {
    expect(encodeBytes(bytes("010203"))).toEqual(bytes("04010203"));
    expect(encodeBytes(Buffer.alloc(0))).toEqual(bytes("04"));
  });
});
