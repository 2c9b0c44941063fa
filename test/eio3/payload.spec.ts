import fc from "fast-check";
import { decodePayload, encodePayload } from "../../src/eio3/payload.js";
import { EngineError, type MessageData, type Packet, type PacketType } from "../../src/engineio/index.js";

const MAX_PACKETS = 100;

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(" ", ""), "hex");
const text = (data: string): Packet => ({ type: "message", data });
const binary = (hex: string): Packet => ({ type: "message", data: bytes(hex) });
const badPayload = expect.objectContaining({ code: "ENGINE_BAD_PAYLOAD" }) as Error;

describe("decodePayload, of text", () => {
  it.each<[body: string, packets: Packet[]]>([
    ["1:2", [{ type: "ping" }]],
    ["2:40", [text("0")]],
    ["2:4a2:4b1:3", [text("a"), text("b"), { type: "pong" }]],
    ["6:2probe1:5", [{ type: "ping", data: "probe" }, { type: "upgrade" }]],
    ["12:4aaaaaaaaaaa", [text("aaaaaaaaaaa")]],
    // Colons and digits of the data are not the payload's.
    ["3:4:01:2", [text(":0"), { type: "ping" }]],
    ["5:41:2x2:4b", [text("1:2x"), text("b")]],
  ])("reads %j", (body, packets) => {
    expect(decodePayload(body, MAX_PACKETS)).toEqual(packets);
  });

  it("counts lengths in UTF-16 code units, neither bytes nor code points", () => {
    expect(decodePayload("2:4é3:4🐦5:4a🐦b", MAX_PACKETS)).toEqual([text("é"), text("🐦"), text("a🐦b")]);
    expect(() => decodePayload("2:4🐦", MAX_PACKETS)).toThrow(badPayload);
    expect(() => decodePayload("5:4🐦", MAX_PACKETS)).toThrow(badPayload);
  });

  it("reads bytes as base64 among text", () => {
    const body = '41:451-["bin",{"_placeholder":true,"num":0}]6:b4AQID2:4b';

    expect(decodePayload(body, MAX_PACKETS)).toEqual([
      text('51-["bin",{"_placeholder":true,"num":0}]'),
      binary("010203"),
      text("b"),
    ]);
  });

  it.each([
    "",
    "4",
    "abc",
    ":4",
    "5:40",
    "3:40",
    "-1:40",
    "+1:4",
    "0x1:4",
    "1e1:4aaaaaaaaa",
    " 1:4",
    "1 :4",
    "1.0:4",
    "01:4",
    "0:",
    "0:1:2",
    "1:22",
    "1:2:",
    "1:21:",
    "9999999:4",
    "١:4",
    "1:x",
    "1:b",
    "6:b4!!!!",
    "1:2\n",
    "\ufeff1:2",
    `${"9".repeat(400)}:4`,
    `${"0".repeat(400)}1:4`,
  ])("refuses the whole of %j", (body) => {
    expect(() => decodePayload(body, MAX_PACKETS)).toThrow(badPayload);
  });
});

describe("decodePayload, of bytes", () => {
  it.each<[hex: string, packets: Packet[]]>([
    ["00 01 ff 32", [{ type: "ping" }]],
    ["00 02 ff 3461", [text("a")]],
    // A length of more than one digit.
    [`00 01 02 ff 34${"61".repeat(11)}`, [text("a".repeat(11))]],
    ["01 04 ff 04010203", [binary("010203")]],
    ["01 01 ff 04", [binary("")]],
    // Lengths count bytes here.
    ["00 05 ff 34f09f90a6", [text("🐦")]],
    ["00 02 ff 3461 01 02 ff 04ff 00 01 ff 33", [text("a"), binary("ff"), { type: "pong" }]],
    ["00 06 ff 623441514944", [binary("010203")]],
  ])("reads %s", (hex, packets) => {
    expect(decodePayload(bytes(hex), MAX_PACKETS)).toEqual(packets);
  });

  it.each<[what: string, hex: string]>([
    ["nothing", ""],
    ["no end of the length", "00 01"],
    ["no end of the length in all of the body", `00 ${"01".repeat(100)}`],
    ["no length", "00 ff 32"],
    ["a length of zero", "01 00 ff"],
    ["a leading zero", "00 00 01 ff 32"],
    ["a digit above nine", "00 0a ff 32"],
    ["a digit as a character", "00 31 ff 32"],
    ["400 digits", `00 ${"09".repeat(400)} ff 32`],
    ["a packet shorter than its length", "00 09 09 09 ff 34"],
    ["a type that is neither text nor bytes", "02 01 ff 34"],
    ["bytes that are no message", "01 01 ff 02"],
    ["bytes with a character for a type", "01 02 ff 34ff"],
    ["an unknown type", "00 01 ff 37"],
    ["text that is not UTF-8", "00 03 ff 34c328"],
    ["text", "31 3a 32"],
  ])("refuses %s", (_what, hex) => {
    expect(() => decodePayload(bytes(hex), MAX_PACKETS)).toThrow(badPayload);
  });
});

describe("decodePayload", () => {
  it.each<[as: string, packet: MessageData]>([
    ["text", "1:6"],
    ["bytes", bytes("00 01 ff 36")],
  ])("takes as many packets as it may, as %s", (_as, packet) => {
    const body = (count: number): MessageData =>
      typeof packet === "string" ? packet.repeat(count) : Buffer.concat(Array.from({ length: count }, () => packet));

    expect(decodePayload(body(MAX_PACKETS), MAX_PACKETS)).toHaveLength(MAX_PACKETS);
    expect(() => decodePayload(body(MAX_PACKETS + 1), MAX_PACKETS)).toThrow(badPayload);
  });
});

describe("encodePayload", () => {
  it("writes text behind its length in UTF-16 code units", () => {
    expect(encodePayload([text("2[]"), { type: "noop" }, text("🐦")], true)).toBe("4:42[]1:63:4🐦");
  });

  it("writes all of it as bytes when some of it is", () => {
    expect(encodePayload([text("é"), binary("010203"), { type: "pong" }], true)).toEqual(
      bytes("00 03 ff 34c3a9 01 04 ff 04010203 00 01 ff 33"),
    );
  });

  it("writes a byte for each digit of a length", () => {
    const body = encodePayload([{ type: "message", data: Buffer.alloc(119) }], true) as Buffer;

    expect(body.subarray(0, 6)).toEqual(bytes("01 01 02 00 ff 04"));
    expect(body).toHaveLength(5 + 120);
  });

  it("writes bytes as base64 for clients that take text alone", () => {
    expect(encodePayload([text("a"), binary("010203")], false)).toBe("2:4a6:b4AQID");
  });
});

describe("the payload codec", () => {
  const string = fc.string({ unit: "grapheme", minLength: 1 });
  const buffer = fc.uint8Array().map((data) => Buffer.from(data));
  const message = fc.record({ type: fc.constant<PacketType>("message"), data: fc.oneof(string, buffer) });
  const control = fc.record({ type: fc.constantFrom<PacketType>("open", "close", "ping", "pong", "upgrade", "noop") });
  const packets = fc.array(fc.oneof(message, control), { minLength: 1 });

  it.each([true, false])("reads every payload it writes, when the client takes bytes: %s", (takesBytes) => {
    fc.assert(
      fc.property(packets, (sent) => {
        expect(decodePayload(encodePayload(sent, takesBytes), Infinity)).toEqual(sent);
      }),
    );
  });

  it("answers any text with packets or its own error", () => {
    const almost = fc.stringMatching(/^(\d{0,3}:[0-7b]?[a-z:=\d]{0,5}){0,5}$/);

    fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary" }), almost), isReadOrRefused));
  });

  it("answers any bytes with packets or its own error", () => {
    const head = fc.array(fc.constantFrom(0, 1, 2, 4, 9, 0x32, 0x34, 0xff), { maxLength: 30 });

    fc.assert(fc.property(fc.oneof(fc.uint8Array(), head), (body) => isReadOrRefused(Buffer.from(body))));
  });
});

function isReadOrRefused(body: MessageData): boolean {
  try {
    return decodePayload(body, Infinity).length > 0;
  } catch (error) {
    return EngineError.is(error, "ENGINE_BAD_PAYLOAD");
  }
}
