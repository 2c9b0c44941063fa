import { Encoder } from "socket.io-parser";
import { PacketType, type Packet } from "../packet.js";
import type { JsonTransform, PacketEncoder } from "./reader.js";

/**
 * Writes packets as socket.io-parser does (a property test holds the two together). Events and acknowledgements without
 * attachments, nearly all there are, are written here, with half of the work around the JSON (bench scenario ack-32).
 */
export class StandardEncoder implements PacketEncoder {
  readonly #replacer: JsonTransform | undefined;
  readonly #general: Encoder;

  constructor(replacer: JsonTransform | undefined) {
    this.#replacer = replacer;
    this.#general = new Encoder(replacer);
  }

  encode(packet: Packet): (string | Buffer)[] {
    const { type, nsp, id } = packet;
    const data: unknown = packet.data;
    const mayBePlain = type === PacketType.EVENT || type === PacketType.ACK;
    if (!mayBePlain || !isPlain(data)) return this.#general.encode(packet) as (string | Buffer)[];
    const namespace = nsp === "/" ? "" : `${nsp},`;
    return [`${type}${namespace}${id ?? ""}${JSON.stringify(data, this.#replacer)}`];
  }
}

/** Whether a value is for certain one that JSON takes as it is: of instances and functions, socket.io-parser knows more. */
function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "function";
  if (Array.isArray(value)) return value.every(isPlain);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in value) if (!isPlain((value as Record<string, unknown>)[key])) return false;
  return true;
}
