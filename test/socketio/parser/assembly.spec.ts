import fc from "fast-check";
import { Decoder, Encoder, PacketType, type Packet } from "socket.io-parser";
import { Assembly } from "../../../src/socketio/parser/assembly.js";

const BYTES = Buffer.from("010203", "hex");

const packetOf = (data: string): Packet => ({ type: PacketType.EVENT, nsp: "/", data: JSON.parse(data) as unknown });

describe("an assembly", () => {
  it("is complete with the last attachment, and not before", () => {
    const assembly = new Assembly(packetOf('["x",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]'), 2);

    expect(assembly.add(BYTES)).toBe(false);
    expect(assembly.add(Buffer.from("second"))).toBe(true);
    expect(assembly.packet.data).toEqual(["x", Buffer.from("second"), BYTES]);
  });

  it("puts attachments in the place of placeholders alone", () => {
    const others = [{ _placeholder: false, num: 0 }, { _placeholder: 1 }, null];
    const assembly = new Assembly(
      packetOf(JSON.stringify(["x", ...others, [{ a: { _placeholder: true, num: 0 } }]])),
      1,
    );
    assembly.add(BYTES);

    expect(assembly.packet.data).toEqual(["x", ...others, [{ a: BYTES }]]);
  });

  it("pollutes nothing by a name that every object inherits", () => {
    const assembly = new Assembly(packetOf('["x",{"__proto__":{"_placeholder":true,"num":0}}]'), 1);
    assembly.add(BYTES);
    const [, value] = assembly.packet.data as [string, object];

    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.entries(value)).toEqual([["__proto__", BYTES]]);
  });

  it.each(["0.5", "-1", "1", '"0"', '"splice"', "null", "{}", "true", "1e400"])("refuses the number %s", (num) => {
    const packet = packetOf(`["x",{"a":[{"_placeholder":true,"num":${num}}]}]`);

    expect(() => new Assembly(packet, 1)).toThrow(
      expect.objectContaining({ code: "SOCKET_BAD_PACKET", message: "illegal attachments" }) as Error,
    );
  });

  it("refuses a placeholder without a number", () => {
    expect(() => new Assembly(packetOf('["x",{"_placeholder":true}]'), 1)).toThrow("illegal attachments");
  });

  it("puts together what socket.io-parser takes apart", () => {
    const bytes = fc.uint8Array({ maxLength: 5 }).map((data) => Buffer.from(data));
    const args = fc.array(fc.oneof(fc.jsonValue({ maxDepth: 3 }), bytes, fc.record({ nested: bytes })), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(args, bytes, (rest, last) => {
        const data = ["x", ...rest, last];
        const [text, ...attachments] = new Encoder().encode({ type: PacketType.EVENT, nsp: "/", data }) as [
          string,
          ...Buffer[],
        ];
        const assembly = new Assembly(packetOf(text.slice(text.indexOf("["))), attachments.length);
        for (const attachment of attachments) assembly.add(attachment);

        expect(assembly.packet.data).toEqual(decodeByParser([text, ...attachments]));
      }),
    );
  });
});

function decodeByParser(parts: readonly (string | Buffer)[]): unknown {
  const decoder = new Decoder({ maxAttachments: 100 });
  let data: unknown;
  decoder.on("decoded", (packet: Packet) => (data = packet.data));
  for (const part of parts) decoder.add(part);
  return data;
}
