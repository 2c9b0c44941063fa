import fc from "fast-check";
import * as msgpackParser from "socket.io-msgpack-parser";
import { PacketType } from "socket.io-parser";
import { resolveLimits, type SocketLimits } from "../../../src/socketio/limits.js";
import { checkMsgpack, speaksMsgpack } from "../../../src/socketio/parser/msgpack.js";
import { standardParser, type Parser } from "../../../src/socketio/parser/reader.js";

const parser = msgpackParser as unknown as Parser;
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

function check(bytes: Buffer, limits: Partial<SocketLimits> = {}): void {
  checkMsgpack(bytes, resolveLimits(limits));
}

const refusal = (message: string): Error => expect.objectContaining({ code: "SOCKET_BAD_PACKET", message }) as Error;

describe("checkMsgpack", () => {
  it.each<[what: string, bytes: string]>([
    ["nil, booleans and small numbers", "95 c0 c2 c3 7f ff"],
    [
      "numbers of every size",
      "9a cc 00 cd 0000 ce 00000000 cf 0000000000000000 d0 00 d1 0000 d2 00000000 d3 0000000000000000 ca 00000000 cb 0000000000000000",
    ],
    ["texts of every size", "94 a1 61 d9 01 61 da 0001 61 db 00000001 61"],
    ["bytes of every size", "93 c4 01 61 c5 0001 61 c6 00000001 61"],
    ["lists of every size", "93 90 dc 0001 c0 dd 00000001 c0"],
    ["maps of every size", "93 81 a1 61 c0 de 0001 a1 61 c0 df 00000001 a1 61 c0"],
    [
      "extensions of fixed size",
      "95 d4 01 00 d5 01 0000 d6 01 00000000 d7 01 0000000000000000 d8 01 00000000000000000000000000000000",
    ],
    ["extensions of every size", "93 c7 01 05 00 c8 0001 05 00 c9 00000001 05 00"],
    ["timestamps", "93 d6 ff 00000000 d7 ff 0000000000000000 c7 0c ff 000000000000000000000000"],
  ])("lets %s pass", (_what, bytes) => {
    expect(() => {
      check(hex(bytes));
    }).not.toThrow();
  });

  it.each<[what: string, bytes: string, message: string]>([
    ["nothing", "", "msgpack ends too early"],
    ["a list of 2³² items", "dd ffffffff", "msgpack ends too early"],
    ["a list of 2²⁵ items, which decoders make before they look", "dd 01ffffff c0", "msgpack ends too early"],
    ["a map of 2³² entries", "df ffffffff", "msgpack ends too early"],
    ["a map of more entries than there are bytes", "82 a1 61 c0", "msgpack ends too early"],
    ["text longer than the message", "db ffffffff 61", "msgpack ends too early"],
    ["bytes longer than the message", "c6 ffffffff 61", "msgpack ends too early"],
    ["an extension longer than the message", "c9 ffffffff 00 00", "msgpack ends too early"],
    ["a cut number", "cb 00", "msgpack ends too early"],
    ["a cut length", "dd 0000", "msgpack ends too early"],
    [
      "a timestamp of another length, after which decoders read on elsewhere",
      "c7 ff ff" + "00".repeat(255),
      "invalid msgpack",
    ],
    ["the byte that is never used", "c1", "invalid msgpack"],
    ["more than one value", "c0 c0", "trailing bytes after a msgpack value"],
    ["a key that is no text", "81 c0 c0", "a msgpack key that is no text"],
    ["a key that is a list of text", "81 91 a9 5f5f70726f746f5f5f c0", "a msgpack key that is no text"],
    ["the key __proto__", "81 a9 5f5f70726f746f5f5f 80", "a key __proto__"],
    ["invalid UTF-8", "a2 c328", "invalid UTF-8"],
  ])("refuses %s", (_what, bytes, message) => {
    expect(() => {
      check(hex(bytes));
    }).toThrow(refusal(message));
  });

  it("bounds nesting and items", () => {
    const nested = (depth: number): Buffer => Buffer.concat([Buffer.alloc(depth - 1, 0x91), hex("90")]);
    check(nested(201));
    expect(() => {
      check(nested(202));
    }).toThrow(refusal("payload nested too deeply"));
    expect(() => {
      check(nested(1_000_000));
    }).toThrow(refusal("payload nested too deeply"));
    check(hex("93 c0 c0 c0"), { maxPayloadItems: 3 });
    expect(() => {
      check(hex("94 c0 c0 c0 c0"), { maxPayloadItems: 3 });
    }).toThrow(refusal("payload of too many items"));
  });

  it("lets everything pass that the parser writes, but for the key __proto__", () => {
    const values = fc.array(fc.jsonValue()).filter((list) => !JSON.stringify(list).includes("__proto__"));
    fc.assert(
      fc.property(values, fc.uint8Array(), (list, bytes) => {
        const packet = {
          type: PacketType.EVENT,
          nsp: "/chat",
          id: 7,
          data: ["event", list, Buffer.from(bytes), new Date(0)],
        };
        for (const part of new parser.Encoder().encode(packet)) check(part as Buffer, { maxPayloadDepth: 1_000 });
      }),
    );
  });

  it("lets no bytes pass that make the parser look outside of them", () => {
    const fragments = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc
          .constantFrom("93", "82", "a1 61", "dc 0002", "dd 00000003", "de 0001", "c7 0c ff", "d4 00", "c8 0003 00")
          .map(hex),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(fragments, (parts) => {
        const bytes = Buffer.concat(parts);
        try {
          check(bytes);
        } catch {
          return;
        }
        // What a decoder refuses here is not a packet; it has read to the end, and no further.
        const decoder = new msgpackParser.Decoder();
        const read = (): void => {
          decoder.add(bytes);
        };
        expect(read).not.toThrow(/trailing bytes|parse|out of range|outside/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("speaksMsgpack", () => {
  it("finds a parser of msgpack by what it writes", () => {
    expect(speaksMsgpack(parser)).toBe(true);
    expect(speaksMsgpack(parser)).toBe(true);
  });

  class Json {
    encode(packet: unknown): Buffer[] {
      return [Buffer.from(JSON.stringify(packet))];
    }
  }

  class Throwing {
    encode(): never {
      throw new TypeError("not now");
    }
  }

  class Nothing {
    encode(): undefined {
      return undefined;
    }
  }

  it.each<[what: string, Encoder: unknown]>([
    ["writes text", standardParser.Encoder],
    ["writes JSON as bytes", Json],
    ["throws", Throwing],
    ["writes nothing", Nothing],
  ])("takes no parser for one that %s", (_what, Encoder) => {
    expect(speaksMsgpack({ Encoder, Decoder: standardParser.Decoder } as Parser)).toBe(false);
  });
});
