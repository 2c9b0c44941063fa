import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { Stage } from "./stage.js";
import { deferred, within } from "./waiting.js";

const FINAL = 0x80;
const MASKED = 0x80;

export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface ClientFrame {
  readonly opcode: number;
  readonly payload: Buffer;
  /** Whether it ends its message; true unless told. */
  readonly final?: boolean;
}

/** The bytes of a masked frame (RFC 6455, section 5.2), with the shortest length that fits. */
export function encodeFrame({ opcode, payload, final = true }: ClientFrame): Buffer {
  const mask = randomBytes(4);
  const masked = payload.map((byte, at) => byte ^ (mask[at & 3] ?? 0));
  return Buffer.concat([Buffer.from([(final ? FINAL : 0) | opcode]), encodeLength(payload.length), mask, masked]);
}

function encodeLength(length: number): Buffer {
  if (length < 126) return Buffer.from([MASKED | length]);
  if (length < 0x10000) return Buffer.from([MASKED | 126, length >> 8, length & 0xff]);
  const bytes = Buffer.alloc(9);
  bytes[0] = MASKED | 127;
  bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}

/** A WebSocket as bytes on a TCP connection, to send what no client library sends. */
export class RawTcp {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Upgrades a new connection to a WebSocket. */
  static async upgrade(stage: Stage): Promise<RawTcp> {
    const socket = connect(stage.port, "127.0.0.1").setNoDelay(true);
    stage.onClose(() => socket.destroy());
    const { promise, resolve, reject } = deferred<undefined>();
    socket.once("error", reject);
    socket.once("data", () => {
      resolve(undefined);
    });
    const request = [
      "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
      "Host: 127.0.0.1",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    ];
    socket.write(`${request.join("\r\n")}\r\n\r\n`);
    await within(promise, "an answer to the upgrade");
    return new RawTcp(socket);
  }

  /** Sends bytes; resolves when they have been handed over, so that the next ones are another segment. */
  async send(bytes: Buffer): Promise<void> {
    await within(new Promise((resolve) => this.#socket.write(bytes, resolve)), "the bytes to leave");
  }
}
