import { isUtf8 } from "node:buffer";
import type { SocketLimits } from "../limits.js";
import { PacketType } from "../packet.js";
import type { Parser } from "./reader.js";
import { badPacket } from "./strict.js";

/*
 * Packets written as msgpack are looked through before a parser reads them. Decoders make a list as long as its header
 * says before they look for its items: a message of five bytes would take 256 MB, and one of many such headers the
 * process. A key `__proto__` would become the prototype of what they make.
 */

const MAP_FIX = 0x80;
const ARRAY_FIX = 0x90;
const STR_FIX = 0xa0;
const NIL = 0xc0;
const NEVER_USED = 0xc1;
const EXT_8 = 0xc7;
const NEGATIVE_FIX = 0xe0;
const TIMESTAMP = 0xff;
const TIMESTAMP_96_BYTES = 12;

type Kind = "bytes" | "array" | "map" | "str";

/** Formats of a fixed size: bytes that follow the first. */
const FIXED: Readonly<Record<number, number>> = {
  [NIL]: 0,
  0xc2: 0,
  0xc3: 0,
  0xca: 4,
  0xcb: 8,
  0xcc: 1,
  0xcd: 2,
  0xce: 4,
  0xcf: 8,
  0xd0: 1,
  0xd1: 2,
  0xd2: 4,
  0xd3: 8,
  0xd4: 2,
  0xd5: 3,
  0xd6: 5,
  0xd7: 9,
  0xd8: 17,
};

/** Formats that begin with a length: how many bytes it takes, what it counts, and what else stands before it. */
const SIZED: Readonly<Record<number, { readonly lengthBytes: number; readonly kind: Kind; readonly extra?: number }>> =
  {
    0xc4: { lengthBytes: 1, kind: "bytes" },
    0xc5: { lengthBytes: 2, kind: "bytes" },
    0xc6: { lengthBytes: 4, kind: "bytes" },
    [EXT_8]: { lengthBytes: 1, kind: "bytes", extra: 1 },
    0xc8: { lengthBytes: 2, kind: "bytes", extra: 1 },
    0xc9: { lengthBytes: 4, kind: "bytes", extra: 1 },
    0xd9: { lengthBytes: 1, kind: "str" },
    0xda: { lengthBytes: 2, kind: "str" },
    0xdb: { lengthBytes: 4, kind: "str" },
    0xdc: { lengthBytes: 2, kind: "array" },
    0xdd: { lengthBytes: 4, kind: "array" },
    0xde: { lengthBytes: 2, kind: "map" },
    0xdf: { lengthBytes: 4, kind: "map" },
  };

const known = new WeakMap<Parser, boolean>();

/** Whether a parser writes each packet as one msgpack map, and so reads the same; found by letting it write one. */
export function speaksMsgpack(parser: Parser): boolean {
  let answer = known.get(parser);
  if (answer === undefined) {
    answer = writesMsgpack(parser);
    known.set(parser, answer);
  }
  return answer;
}

function writesMsgpack(parser: Parser): boolean {
  try {
    const parts = new parser.Encoder().encode({ type: PacketType.EVENT, nsp: "/", data: ["probe"] });
    const [bytes] = parts;
    if (parts.length !== 1 || !Buffer.isBuffer(bytes)) return false;
    return new MsgpackScan(bytes, PROBE_LIMITS).scan() === "map";
  } catch {
    return false;
  }
}

const PROBE_LIMITS = { maxPayloadDepth: 10, maxPayloadItems: 100 };

/**
 * Checks that bytes are one whole msgpack value: every length against the bytes that are left, nesting, and keys.
 *
 * @throws SocketError `SOCKET_BAD_PACKET`
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export function checkMsgpack(bytes: Buffer, limits: SocketLimits): void {
  new MsgpackScan(bytes, limits).scan();
}

/** One list or map that has been entered; a map's items are its keys and values in turn. */
interface Container {
  readonly isMap: boolean;
  left: number;
}

type ScanLimits = Pick<SocketLimits, "maxPayloadDepth" | "maxPayloadItems">;

class MsgpackScan {
  readonly #bytes: Buffer;
  readonly #limits: ScanLimits;
  readonly #open: Container[] = [];
  #at = 0;
  #items = 0;

  constructor(bytes: Buffer, limits: ScanLimits) {
    this.#bytes = bytes;
    this.#limits = limits;
  }

  /** @returns the kind of the outermost value. */
  scan(): Kind {
    const outermost = this.#readValue(false);
    for (let container = this.#open.at(-1); container !== undefined; container = this.#open.at(-1)) {
      if (container.left === 0) this.#open.pop();
      else this.#readItem(container);
    }
    if (this.#at !== this.#bytes.length) throw badPacket("trailing bytes after a msgpack value");
    return outermost;
  }

  #readItem(container: Container): void {
    const isKey = container.isMap && container.left % 2 === 0;
    container.left -= 1;
    if ((this.#items += 1) > this.#limits.maxPayloadItems) throw badPacket("payload of too many items");
    this.#readValue(isKey);
  }

  #readValue(isKey: boolean): Kind {
    const first = this.#take(1);
    const { kind, length } = this.#readHead(first);
    if (isKey && kind !== "str") throw badPacket("a msgpack key that is no text");
    if (kind === "array") this.#enter({ isMap: false, left: length });
    else if (kind === "map") this.#enter({ isMap: true, left: 2 * length });
    else this.#skip(length, { isText: kind === "str", isKey });
    return kind;
  }

  #readHead(first: number): { kind: Kind; length: number } {
    if (first < MAP_FIX || first >= NEGATIVE_FIX) return { kind: "bytes", length: 0 };
    if (first < ARRAY_FIX) return { kind: "map", length: first - MAP_FIX };
    if (first < STR_FIX) return { kind: "array", length: first - ARRAY_FIX };
    if (first < NIL) return { kind: "str", length: first - STR_FIX };
    if (first === NEVER_USED) throw badPacket("invalid msgpack");
    const sized = SIZED[first];
    if (sized === undefined) return { kind: "bytes", length: FIXED[first] ?? 0 };
    const length = this.#take(sized.lengthBytes);
    if (first === EXT_8) this.#checkTimestamp(length);
    return { kind: sized.kind, length: length + (sized.extra ?? 0) };
  }

  /** Decoders read a timestamp without a look at its length: another would let them go on somewhere else. */
  #checkTimestamp(length: number): void {
    if (this.#bytes[this.#at] === TIMESTAMP && length !== TIMESTAMP_96_BYTES) throw badPacket("invalid msgpack");
  }

  #enter(container: Container): void {
    if (container.left > this.#bytes.length - this.#at) throw badPacket("msgpack ends too early");
    // The packet itself is a map around the payload.
    if (this.#open.push(container) > this.#limits.maxPayloadDepth + 1) throw badPacket("payload nested too deeply");
  }

  #take(count: number): number {
    if (this.#at + count > this.#bytes.length) throw badPacket("msgpack ends too early");
    const value = this.#bytes.readUIntBE(this.#at, count);
    this.#at += count;
    return value;
  }

  #skip(length: number, { isText, isKey }: { isText: boolean; isKey: boolean }): void {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw badPacket("msgpack ends too early");
    if (isText && !isUtf8(this.#bytes.subarray(this.#at, end))) throw badPacket("invalid UTF-8");
    if (isKey && this.#bytes.toString("latin1", this.#at, end) === "__proto__") throw badPacket("a key __proto__");
    this.#at = end;
  }
}
