import { EventEmitter } from "node:events";
import { PacketType, type Packet } from "socket.io-parser";
import { Deadlines } from "../../../src/common/index.js";
import { resolveLimits, type SocketLimits } from "../../../src/socketio/limits.js";
import {
  createPacketReader,
  standardParser,
  type PacketReader,
  type PacketReaderHost,
  type Parser,
} from "../../../src/socketio/parser/reader.js";
import type { MessageData } from "../../../src/engineio/index.js";
import { ManualClock } from "../../support/manual-clock.js";

const { CONNECT, DISCONNECT, EVENT, ACK } = PacketType;
const BYTES = Buffer.from("010203", "hex");

let packets: Packet[];

const host: PacketReaderHost = {
  deadlines: new Deadlines(new ManualClock()),
  reviver: undefined,
  accepts: () => true,
  onBadPacket: (error) => {
    throw error;
  },
};

function open(limits: Partial<SocketLimits> = {}, parser: Parser = standardParser): PacketReader {
  packets = [];
  return createPacketReader(parser, resolveLimits(limits), (packet) => packets.push(packet), host);
}

function read(...messages: MessageData[]): Packet[] {
  const reader = open();
  for (const message of messages) reader.read(message);
  return packets;
}

const refusal = (message: string): Error => expect.objectContaining({ code: "SOCKET_BAD_PACKET", message }) as Error;

describe("the standard reader", () => {
  it.each<[text: string, packet: Packet]>([
    ["0", { type: CONNECT, nsp: "/" }],
    ['0{"token":1}', { type: CONNECT, nsp: "/", data: { token: 1 } }],
    ['0/admin,{"token":1}', { type: CONNECT, nsp: "/admin", data: { token: 1 } }],
    ["0/admin", { type: CONNECT, nsp: "/admin" }],
    ["01", { type: CONNECT, nsp: "/", id: 1 }],
    ["1", { type: DISCONNECT, nsp: "/" }],
    ["1/admin,", { type: DISCONNECT, nsp: "/admin" }],
    ['2["say",1]', { type: EVENT, nsp: "/", data: ["say", 1] }],
    ['2/chat,7["say"]', { type: EVENT, nsp: "/chat", id: 7, data: ["say"] }],
    ["37[1]", { type: ACK, nsp: "/", id: 7, data: [1] }],
    ['2["x",{"_placeholder":true,"num":0}]', { type: EVENT, nsp: "/", data: ["x", { _placeholder: true, num: 0 }] }],
  ])("reads %s", (text, packet) => {
    expect(read(text)).toEqual([packet]);
  });

  it("reads an event with attachments, once the last has come", () => {
    const reader = open();
    reader.read('52-/chat,7["say",{"_placeholder":true,"num":1},[{"_placeholder":true,"num":0}]]');
    reader.read(Buffer.from("first"));
    expect(packets).toEqual([]);

    reader.read(BYTES);
    expect(packets).toEqual([
      expect.objectContaining({ type: EVENT, nsp: "/chat", id: 7, data: ["say", BYTES, [Buffer.from("first")]] }),
    ]);
  });

  it("reads an acknowledgement with an attachment", () => {
    expect(read('61-7[{"_placeholder":true,"num":0}]', BYTES)).toEqual([
      expect.objectContaining({ type: ACK, id: 7, data: [BYTES] }),
    ]);
  });

  it("reads on after a packet with attachments, with more of them and with text", () => {
    const binary = '51-["b",{"_placeholder":true,"num":0}]';

    expect(read(binary, BYTES, '2["t"]', binary, BYTES, '2["t"]').map(({ data }) => data as unknown[])).toEqual([
      ["b", BYTES],
      ["t"],
      ["b", BYTES],
      ["t"],
    ]);
  });

  it("takes an attachment of no bytes, and one that is used twice or not at all", () => {
    const twice = '52-["b",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]';

    expect(read(twice, Buffer.alloc(0), BYTES).map(({ data }) => data as unknown[])).toEqual([
      ["b", Buffer.alloc(0), Buffer.alloc(0)],
    ]);
  });

  it("keeps the unfinished packets of two connections apart", () => {
    const [one, other] = [open(), open()];
    const [ofOne, ofOther]: [Packet[], Packet[]] = [[], []];
    const first = createPacketReader(standardParser, resolveLimits({}), (packet) => ofOne.push(packet), host);
    const second = createPacketReader(standardParser, resolveLimits({}), (packet) => ofOther.push(packet), host);
    first.read('51-["one",{"_placeholder":true,"num":0}]');
    second.read('51-["other",{"_placeholder":true,"num":0}]');
    second.read(Buffer.from("b"));
    first.read(Buffer.from("a"));

    expect([ofOne[0]?.data, ofOther[0]?.data]).toEqual([
      ["one", Buffer.from("a")],
      ["other", Buffer.from("b")],
    ]);
    one.destroy();
    other.destroy();
  });

  it("may be used again by what it tells", () => {
    const seen: unknown[] = [];
    const onPacket = ({ data }: Packet): void => {
      seen.push(data);
      if (seen.length < 3) reader.read(`2["again",${seen.length}]`);
    };
    const reader: PacketReader = createPacketReader(standardParser, resolveLimits({}), onPacket, host);
    reader.read('2["first"]');

    expect(seen).toEqual([["first"], ["again", 1], ["again", 2]]);
  });

  it.each<[what: string, messages: MessageData[], message: string]>([
    ["bytes without a header", [BYTES], "got binary data when not reconstructing a packet"],
    [
      "text instead of an attachment",
      ['51-["x",{"_placeholder":true,"num":0}]', '2["x"]'],
      "got plaintext data when reconstructing a packet",
    ],
    ["more than ten attachments", ['511-["x"]'], "too many attachments"],
    ["a huge number of attachments", ['599999999-["x"]'], "too many attachments"],
    ["a placeholder out of range", ['51-["x",{"_placeholder":true,"num":1}]', BYTES], "illegal attachments"],
    ["a negative placeholder", ['51-["x",{"_placeholder":true,"num":-1}]', BYTES], "illegal attachments"],
    ["a fractional placeholder", ['51-["x",{"_placeholder":true,"num":0.5}]'], "illegal attachments"],
    ["a placeholder that names a method", ['51-["x",{"_placeholder":true,"num":"splice"}]'], "illegal attachments"],
    ["a reserved event", ['2["disconnect"]'], "invalid payload"],
    ["a reserved event with attachments", ['51-["connect",{"_placeholder":true,"num":0}]'], "invalid payload"],
    ["an event whose name is an attachment", ['51-[{"_placeholder":true,"num":0}]'], "invalid payload"],
    ["CONNECT with a list", ["0[]"], "invalid payload"],
    ["CONNECT with broken JSON", ["0{"], "invalid payload"],
  ])("refuses %s", (_what, messages, message) => {
    expect(() => read(...messages)).toThrow(refusal(message));
    expect(packets).toEqual([]);
  });

  it("takes event names up to maxEventNameLength, with attachments too", () => {
    const long = "x".repeat(257);

    expect(read(`2["${"x".repeat(256)}"]`)).toHaveLength(1);
    expect(() => read(`2["${long}"]`)).toThrow(refusal("event name too long"));
    expect(() => read(`51-["${long}",{"_placeholder":true,"num":0}]`, BYTES)).toThrow(refusal("event name too long"));
  });

  it("passes on what its listener throws, as it is", () => {
    const failure = new TypeError("why");
    const fail = (): never => {
      throw failure;
    };
    const reader = createPacketReader(standardParser, resolveLimits({}), fail, host);

    expect(() => {
      reader.read('2["x"]');
    }).toThrow(failure);
    reader.read('51-["x",{"_placeholder":true,"num":0}]');
    expect(() => {
      reader.read(BYTES);
    }).toThrow(failure);
  });

  it("forgets an unfinished packet when it is destroyed", () => {
    const reader = open();
    reader.read('51-["x",{"_placeholder":true,"num":0}]');
    reader.destroy();
    reader.destroy();

    expect(() => {
      reader.read(BYTES);
    }).toThrow(refusal("got binary data when not reconstructing a packet"));
  });
});

describe("a reader with a parser of the user's", () => {
  const decoders: JsonDecoder[] = [];

  /** Packets as JSON, several in one message. */
  class JsonDecoder extends EventEmitter {
    destroyed = 0;

    constructor() {
      super();
      decoders.push(this);
    }

    add(data: MessageData): void {
      for (const packet of JSON.parse(String(data)) as Packet[]) this.emit("decoded", packet);
    }

    destroy(): void {
      this.destroyed += 1;
    }
  }

  const parser: Parser = { Encoder: standardParser.Encoder, Decoder: JsonDecoder };

  const readJson = (...sent: unknown[]): Packet[] => {
    open({}, parser).read(JSON.stringify(sent));
    return packets;
  };

  it("reads what that parser reads", () => {
    const sent = [
      { type: CONNECT, nsp: "/", data: { token: 1 } },
      { type: EVENT, nsp: "/chat", id: 7, data: ["say", 1] },
      { type: EVENT, nsp: "/", data: [7] },
      { type: ACK, nsp: "/", id: 7, data: [] },
    ];

    expect(readJson(...sent)).toEqual(sent);
  });

  it("takes what that parser throws for a bad packet", () => {
    expect(() => {
      open({}, parser).read("{");
    }).toThrow(expect.objectContaining({ code: "SOCKET_BAD_PACKET", cause: expect.any(SyntaxError) }) as Error);
  });

  it.each<[what: string, packet: unknown, message: string]>([
    ["a reserved event", { type: EVENT, nsp: "/", data: ["disconnect", "spoofed"] }, "invalid payload"],
    ["a name that is an object", { type: EVENT, nsp: "/", data: [{ toString: "x" }] }, "invalid payload"],
    ["an event without a name", { type: EVENT, nsp: "/", data: [] }, "invalid payload"],
    ["an event without a list", { type: EVENT, nsp: "/", data: { 0: "say" } }, "invalid payload"],
    ["an acknowledgement without a list", { type: ACK, nsp: "/", id: 7 }, "invalid payload"],
    ["a long name", { type: EVENT, nsp: "/", data: ["x".repeat(257)] }, "event name too long"],
    ["a long namespace", { type: CONNECT, nsp: "x".repeat(257) }, "namespace name too long"],
  ])("refuses %s that it lets pass", (_what, packet, message) => {
    expect(() => readJson(packet)).toThrow(refusal(message));
    expect(packets).toEqual([]);
  });

  it("refuses a packet without a namespace", () => {
    expect(() => readJson({ type: EVENT, data: ["say"] })).toThrow(
      expect.objectContaining({ code: "SOCKET_BAD_PACKET" }) as Error,
    );
  });

  it("destroys the decoder", () => {
    open({}, parser).destroy();

    expect(decoders.at(-1)?.destroyed).toBe(1);
  });
});
