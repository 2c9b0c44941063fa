/** WebSocket frames (RFC 6455) made before the clock starts, so that sending one costs the load generator a write. */

const FINAL_TEXT = 0x81;
const FINAL_BINARY = 0x82;
const FINAL_CLOSE = 0x88;
const MASKED = 0x80;
/** The key of the RFC's own example. It is not zero, so the server has real unmasking to do. */
const MASKING_KEY = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** A text frame as a client sends it. */
export function maskedTextFrame(text: string): Buffer {
  return maskedFrame(FINAL_TEXT, Buffer.from(text));
}

/** A binary frame as a client sends it. */
export function maskedBinaryFrame(payload: Buffer): Buffer {
  return maskedFrame(FINAL_BINARY, payload);
}

/** A close frame without a code, which browsers send, and the only right answer to it. */
export const MASKED_CLOSE_FRAME = maskedFrame(FINAL_CLOSE, Buffer.alloc(0));
export const PLAIN_CLOSE_FRAME = plainFrame(FINAL_CLOSE, Buffer.alloc(0));

/** A text frame as a server sends it. */
export function plainTextFrame(text: string): Buffer {
  return plainFrame(FINAL_TEXT, Buffer.from(text));
}

/** A binary frame as a server sends it. */
export function plainBinaryFrame(payload: Buffer): Buffer {
  return plainFrame(FINAL_BINARY, payload);
}

function maskedFrame(firstByte: number, payload: Buffer): Buffer {
  const masked = payload.map((byte, index) => byte ^ (MASKING_KEY[index & 3] ?? 0));
  return Buffer.concat([frameHeader(firstByte, payload.length, MASKED), MASKING_KEY, masked]);
}

function plainFrame(firstByte: number, payload: Buffer): Buffer {
  return Buffer.concat([frameHeader(firstByte, payload.length, 0), payload]);
}

function frameHeader(firstByte: number, length: number, maskBit: number): Buffer {
  if (length < 126) return Buffer.from([firstByte, maskBit | length]);
  if (length < 65_536) return Buffer.from([firstByte, maskBit | 126, length >> 8, length & 0xff]);
  const header = Buffer.alloc(10);
  header[0] = firstByte;
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
