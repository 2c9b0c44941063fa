import fc from "fast-check";
import { Decoder, Encoder, PacketType, type Packet } from "socket.io-parser";
import { resolveLimits } from "../../../src/socketio/limits.js";
import { decodePlain } from "../../../src/socketio/parser/plain-packet.js";
import { checkPacketText } from "../../../src/socketio/parser/strict.js";

const { EVENT, ACK } = PacketType;
const limits = resolveLimits({});

function decode(text: string): Packet {
  const type = text.startsWith("2") ? PacketType.EVENT : PacketType.ACK;
  return decodePlain(type, text, checkPacketText(text, limits));
}

describe("decodePlain", () => {
  it.each<[text: string, packet: Packet]>([
    ['2["say",1,"2",{"3":[null]}]', { type: EVENT, nsp: "/", data: ["say", 1, "2", { 3: [null] }] }],
    ['27["say"]', { type: EVENT, nsp: "/", id: 7, data: ["say"] }],
    ['20["say"]', { type: EVENT, nsp: "/", id: 0, data: ["say"] }],
    ['2/chat,["say"]', { type: EVENT, nsp: "/chat", data: ["say"] }],
    ['2/chat,12["say"]', { type: EVENT, nsp: "/chat", id: 12, data: ["say"] }],
    ['2/,["say"]', { type: EVENT, nsp: "/", data: ["say"] }],
    ['2/a["b,3["say"]', { type: EVENT, nsp: '/a["b', id: 3, data: ["say"] }],
    ["2[7]", { type: EVENT, nsp: "/", data: [7] }],
    ["37[1,2]", { type: ACK, nsp: "/", id: 7, data: [1, 2] }],
    ["3/chat,7[]", { type: ACK, nsp: "/chat", id: 7, data: [] }],
    ["3[]", { type: ACK, nsp: "/", data: [] }],
  ])("reads %s", (text, packet) => {
    expect(decode(text)).toEqual(packet);
  });

  it.each(["error", "connection", "message", "new_namespace", "__proto__", "constructor", "toString", "then"])(
    "takes %s for the user's own event",
    (event) => {
      expect(decode(JSON.stringify([event, 1]).replace(/^/, "2")).data).toEqual([event, 1]);
    },
  );

  it.each(["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"])(
    "refuses the reserved event %s",
    (event) => {
      expect(() => decode(`2["${event}"]`)).toThrow(
        expect.objectContaining({ code: "SOCKET_BAD_PACKET", message: "invalid payload" }),
      );
    },
  );

  it.each([
    "2[]",
    "2[null]",
    "2[true]",
    "2[{}]",
    "2[[]]",
    '2[{"toString":"foo"}]',
    '2["x"',
    "2[1,]",
    '2["x"]x',
    "3[1",
    "37[1]]",
  ])("refuses %s", (text) => {
    expect(() => decode(text)).toThrow(
      expect.objectContaining({ code: "SOCKET_BAD_PACKET", message: "invalid payload" }),
    );
  });

  it("makes __proto__ in the data a property like any other", () => {
    const [, value] = decode('2["x",{"__proto__":{"polluted":1},"constructor":2}]').data as [string, object];

    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(["__proto__", "constructor"]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it.each<[json: string, value: unknown]>([
    ["1e999", Infinity],
    ["-0", -0],
    ["123456789012345678901234567890", 123456789012345680000000000000],
    ['"\\ud800"', "\ud800"],
    ['{"a":1,"a":2}', { a: 2 }],
  ])("reads %s as JSON does", (json, value) => {
    expect(decode(`2["x",${json}]`).data).toEqual(["x", value]);
  });

  it("reads what socket.io-parser reads", () => {
    const packet = fc.record({
      type: fc.constantFrom(PacketType.EVENT, PacketType.ACK),
      nsp: fc.oneof(
        fc.constant("/"),
        fc.string({ maxLength: 20 }).map((text) => `/${text.replaceAll(",", "")}`),
      ),
      id: fc.option(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { nil: undefined }),
      data: fc.tuple(fc.oneof(fc.string(), fc.integer()), fc.jsonValue(), fc.jsonValue()),
    }) as fc.Arbitrary<Packet>;
    fc.assert(
      fc.property(packet, (sent) => {
        const [text] = new Encoder().encode(sent) as [string];
        const expected = decodedByParser(text);
        fc.pre(expected !== undefined);

        expect(decode(text)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});

function decodedByParser(text: string): Packet | undefined {
  let decoded: Packet | undefined;
  const decoder = new Decoder();
  decoder.on("decoded", (packet) => (decoded = packet));
  try {
    decoder.add(text);
  } catch {
    // What it refuses is refused here, too.
  }
  return decoded;
}
