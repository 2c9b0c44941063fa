/** WebSocket frames (RFC 6455) made before the clock starts, so that sending one costs the load generator a write. */

const FINAL_TEXT = 0x81;
const MASKED = 0x80;
/** The key of the RFC's own example. It is not zero, so the server has real unmasking to do. */
const MASKING_KEY = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** A text frame as a client sends it. */
export function maskedTextFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  payload.forEach((byte, index) => {
    payload[index] = byte ^ (MASKING_KEY[index & 3] ?? 0);
  });
  return Buffer.concat([frameHeader(payload.length, MASKED), MASKING_KEY, payload]);
}

/** A text frame as a server sends it. */
export function plainTextFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([frameHeader(payload.length, 0), payload]);
}

function frameHeader(length: number, maskBit: number): Buffer {
  if (length < 126) return Buffer.from([FINAL_TEXT, maskBit | length]);
  if (length < 65_536) return Buffer.from([FINAL_TEXT, maskBit | 126, length >> 8, length & 0xff]);
  const header = Buffer.alloc(10);
  header[0] = FINAL_TEXT;
  header[1] = maskBit | 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}

/** A text frame found at the start of received bytes, and how many of them it took. */
export interface ReceivedText {
  readonly text: string;
  readonly length: number;
}

/** Reads a server's short text frame; undefined when more bytes are needed. For handshakes: below 64 KiB only. */
export function readTextFrame(bytes: Buffer): ReceivedText | undefined {
  if (bytes.length < 2) return undefined;
  const extended = bytes[1] === 126;
  if (extended && bytes.length < 4) return undefined;
  const start = extended ? 4 : 2;
  const end = start + (extended ? bytes.readUInt16BE(2) : bytes.readUInt8(1));
  return bytes.length < end ? undefined : { text: bytes.toString("utf8", start, end), length: end };
}
