import fc from "fast-check";
import { Decoder, Encoder, PacketType, type Packet } from "socket.io-parser";
import { SocketError } from "../../../src/socketio/errors.js";
import { resolveLimits } from "../../../src/socketio/limits.js";
import { checkPacketText } from "../../../src/socketio/parser/strict.js";
import { texts } from "../../support/texts.js";

const limits = resolveLimits({});

const check = (text: string): number => checkPacketText(text, limits);

const refusal = (message: string): Error => expect.objectContaining({ code: "SOCKET_BAD_PACKET", message }) as Error;

const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

describe("checkPacketText", () => {
  it.each<[text: string, dataAt: number]>([
    ["0", 1],
    ['0{"token":1}', 1],
    ["0/admin,", 8],
    ["0/admin", 8],
    ['0/admin?x=1,{"token":1}', 12],
    ["1", 1],
    ["1/admin,", 8],
    ['2["say",1]', 1],
    ['27["say"]', 2],
    ['20["say"]', 2],
    ['2/chat,12["say"]', 9],
    ['2/,["say"]', 3],
    ["3[]", 1],
    ["37[1]", 2],
    ["3/chat,7[1]", 8],
    ['51-["say",{"_placeholder":true,"num":0}]', 3],
    ['510-/chat,7["say"]', 11],
    ['61-7[{"_placeholder":true,"num":0}]', 4],
  ])("lets %j pass and finds its data at %d", (text, dataAt) => {
    expect(check(text)).toBe(dataAt);
  });

  it.each([
    ["", "unknown packet type "],
    ["7", "unknown packet type 7"],
    ["9[]", "unknown packet type 9"],
    ["4", "unknown packet type 4"],
    ['4{"message":"no"}', "unknown packet type 4"],
    [" ", "unknown packet type  "],
    ["a", "unknown packet type a"],
    ["-1", "unknown packet type -"],
  ])("refuses the type of %j", (text, message) => {
    expect(() => check(text)).toThrow(refusal(message));
  });

  it.each([
    "2",
    "20",
    "27",
    "2{}",
    '2"say"',
    "2null",
    '2 ["say"]',
    '2\n["say"]',
    '2/chat ["say"]',
    '2-5["say"]',
    '21.5["say"]',
    '21e3["say"]',
    '2chat,["say"]',
    "2/chat",
    "3",
    "30",
    "30{}",
    "3/chat,",
    "0[]",
    '0"token"',
    "0null",
    "0 ",
    "0\r\n",
    "0admin,",
    "1[]",
    '1"bye"',
    "1 ",
    "51-",
    "51-{}",
  ])("refuses the data of %j", (text) => {
    expect(() => check(text)).toThrow(refusal("invalid payload"));
  });

  it.each([
    '5["x"]',
    '5-["x"]',
    '50-["x"]',
    '501-["x"]',
    '51e0-["x"]',
    '50x1-["x"]',
    '5 1-["x"]',
    '51 -["x"]',
    "5",
    "6",
    "51",
    '6-1-["x"]',
  ])("refuses the number of attachments of %j", (text) => {
    expect(() => check(text)).toThrow(refusal("Illegal attachments"));
  });

  it.each(['207["say"]', '200["say"]', '2/chat,00["say"]', "301[]", '51-01["x"]'])(
    "refuses the leading zero of %j",
    (text) => {
      expect(() => check(text)).toThrow(refusal("ack id with a leading zero"));
    },
  );

  it("takes acknowledgement ids up to 2^53 - 1", () => {
    expect(check('29007199254740991["say"]')).toBe(17);
    expect(() => check('29007199254740992["say"]')).toThrow(refusal("ack id out of range"));
    expect(() => check(`2${"9".repeat(400)}["say"]`)).toThrow(refusal("ack id out of range"));
  });

  it("takes namespaces up to maxNamespaceLength", () => {
    const name = `/${"x".repeat(255)}`;

    expect(check(`0${name},`)).toBe(258);
    expect(() => check(`0${name}x,`)).toThrow(refusal("namespace name too long"));
    expect(() => check(`0/${"x".repeat(900_000)}`)).toThrow(refusal("namespace name too long"));
  });

  it.each(["2", "0{", "37"])("takes nesting up to maxPayloadDepth behind %j", (head) => {
    const data = (depth: number): string => (head.endsWith("{") ? `"a":${nested(depth - 1)}}` : nested(depth));

    expect(() => check(head + data(200))).not.toThrow();
    expect(() => check(head + data(201))).toThrow(refusal("payload nested too deeply"));
  });

  it.each([
    ["arrays", nested(200_000)],
    ["objects", `[${'{"a":'.repeat(200_000)}`],
    ["binary packets", nested(200_000), "51-"],
  ])("refuses 200 000 nested %s without a deep stack", (_what, data, head = "2") => {
    expect(() => check(head + data)).toThrow(refusal("payload nested too deeply"));
  });

  it("does not take brackets within text for nesting", () => {
    expect(() =>
      check(`2${JSON.stringify(["say", "[".repeat(500), '\\"[[['.repeat(200), "]".repeat(500)])}`),
    ).not.toThrow();
  });

  it("leaves it to the decoder whether the data is JSON", () => {
    expect(check('2["say"')).toBe(1);
    expect(check("0{")).toBe(1);
  });
});

describe("the strict checks", () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  const bytes = fc.uint8Array({ maxLength: 5 }).map((data) => Buffer.from(data));
  const name = fc.oneof(
    fc.string({ maxLength: 20 }).map((text) => `/${text.replaceAll(",", "")}`),
    fc.constant("/"),
  );
  const id = fc.option(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { nil: undefined });
  const args = fc.array(fc.oneof(json, bytes, fc.record({ nested: bytes })), { maxLength: 4 });
  const event = fc.oneof(fc.string({ maxLength: 20 }), fc.integer());
  const packet: fc.Arbitrary<Packet> = fc.oneof(
    fc.record({
      type: fc.constant(PacketType.CONNECT),
      nsp: name,
      data: fc.option(fc.dictionary(fc.string(), json), { nil: undefined }),
    }),
    fc.record({ type: fc.constant(PacketType.DISCONNECT), nsp: name }),
    fc
      .record({ type: fc.constant(PacketType.EVENT), nsp: name, id, event, args })
      .map(({ event: first, args: rest, ...head }) => ({ ...head, data: [first, ...rest] })),
    fc.record({ type: fc.constant(PacketType.ACK), nsp: name, id: fc.nat(), data: args }),
  );

  it("let pass whatever a genuine encoder writes, when socket.io-parser takes it", () => {
    fc.assert(
      fc.property(packet, (sent) => {
        const [text] = new Encoder().encode(sent) as [string];
        fc.pre(isTakenByParser(text));

        expect(() => check(text)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  it("throw nothing but their own error", () => {
    const text = fc.oneof(
      texts(),
      fc.tuple(fc.constantFrom("0", "1", "2", "3", "5", "6", "51-", "2/a,7"), texts()).map((parts) => parts.join("")),
      fc.tuple(fc.constantFrom("0", "2", "37", "51-"), json).map(([head, value]) => head + JSON.stringify(value)),
    );
    fc.assert(
      fc.property(text, (received) => {
        expect(isCheckedOrRefused(received)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

function isTakenByParser(text: string): boolean {
  try {
    new Decoder().add(text);
    return true;
  } catch {
    return false;
  }
}

function isCheckedOrRefused(text: string): boolean {
  try {
    checkPacketText(text, limits);
    return true;
  } catch (error) {
    return SocketError.is(error, "SOCKET_BAD_PACKET");
  }
}
