import fc from "fast-check";
import { Encoder, PacketType, type Packet } from "socket.io-parser";
import { StandardEncoder } from "../../../src/socketio/parser/standard-encoder.js";

/** Instances and the like, which only socket.io-parser knows how to write. */
const special = fc.constantFrom<unknown>(
  new Date(0),
  Buffer.from("010203", "hex"),
  new Uint8Array([1, 2]),
  new ArrayBuffer(2),
  new Map([["a", 1]]),
  { toJSON: () => ({ bytes: Buffer.from("00", "hex") }) },
  { toJSON: () => "text" },
  Object.create(null),
  () => 1,
  undefined,
  Symbol("s"),
  NaN,
);
const json = fc.jsonValue({ maxDepth: 4 });
const value = fc.oneof(json, special, fc.array(special, { maxLength: 2 }), fc.record({ a: special, b: json }));
const packet: fc.Arbitrary<Packet> = fc.record({
  type: fc.constantFrom(PacketType.EVENT, PacketType.ACK),
  nsp: fc.constantFrom("/", "/chat", "/é,"),
  id: fc.option(fc.nat(), { nil: undefined }),
  data: fc.tuple(fc.constant("x"), value, value),
});

describe("the standard encoder", () => {
  it("writes what socket.io-parser writes", () => {
    fc.assert(
      fc.property(packet, (sent) => {
        expect(new StandardEncoder(undefined).encode({ ...sent })).toEqual(new Encoder().encode({ ...sent }));
      }),
      { numRuns: 500 },
    );
  });

  it.each<Packet>([
    { type: PacketType.CONNECT, nsp: "/", data: { sid: "1" } },
    { type: PacketType.CONNECT_ERROR, nsp: "/a", data: { message: "no" } },
    { type: PacketType.DISCONNECT, nsp: "/" },
    { type: PacketType.EVENT, nsp: "/", data: ["x"], id: 0 },
  ])("writes %j as it does", (sent) => {
    expect(new StandardEncoder(undefined).encode(sent)).toEqual(new Encoder().encode(sent));
  });

  it("lets the replacer change every value", () => {
    const replacer = (_key: string, current: unknown): unknown => (typeof current === "number" ? -current : current);
    const sent = { type: PacketType.EVENT, nsp: "/", data: ["x", 1, { a: 2 }, new Date(3)] };

    expect(new StandardEncoder(replacer).encode(sent)).toEqual(new Encoder(replacer).encode(sent));
  });

  it.each([10n, cyclic()])("refuses %p as JSON does, and writes on", (wrong) => {
    const encoder = new StandardEncoder(undefined);

    expect(() => encoder.encode({ type: PacketType.EVENT, nsp: "/", data: ["x", wrong] })).toThrow();
    expect(encoder.encode({ type: PacketType.EVENT, nsp: "/", data: ["x"] })).toEqual(['2["x"]']);
  });
});

function cyclic(): unknown {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  return circle;
}
