/** WebSocket frames as a server sends them: final, unmasked, uncompressed (RFC 6455, section 5.2). */

const FINAL_TEXT = 0x81;
const FINAL_BINARY = 0x82;
const MAX_SHORT = 125;
const LENGTH_IN_2 = 126;
const LENGTH_IN_8 = 127;
const MAX_MEDIUM = 0xffff;

/** Header and payload of a text message in one buffer, so that they leave in one write. */
export function textFrame(payload: string): Buffer {
  const length = Buffer.byteLength(payload);
  const frame = allocateFrame(FINAL_TEXT, length);
  // Text of as many bytes as characters is ASCII, and latin1 is the faster copy.
  frame.write(payload, frame.length - length, length === payload.length ? "latin1" : "utf8");
  return frame;
}

/** Heads of short text frames, as latin1, by length. */
const SHORT_TEXT_HEADS = Array.from({ length: MAX_SHORT + 1 }, (_, length) => String.fromCharCode(FINAL_TEXT, length));

/** Whether text takes one byte a character. */
export function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

/** The frame of an ASCII text of at most 65 535 characters, as latin1: strings join faster than buffers. */
export function asciiFrame(payload: string): string {
  const { length } = payload;
  const head = SHORT_TEXT_HEADS[length] ?? String.fromCharCode(FINAL_TEXT, LENGTH_IN_2, length >> 8, length & 0xff);
  return head + payload;
}

/** The same for a binary message. */
export function binaryFrame(payload: Buffer): Buffer {
  const frame = allocateFrame(FINAL_BINARY, payload.length);
  payload.copy(frame, frame.length - payload.length);
  return frame;
}

function allocateFrame(firstByte: number, length: number): Buffer {
  let frame: Buffer;
  if (length <= MAX_SHORT) {
    frame = Buffer.allocUnsafe(length + 2);
    frame[1] = length;
  } else if (length <= MAX_MEDIUM) {
    frame = Buffer.allocUnsafe(length + 4);
    frame[1] = LENGTH_IN_2;
    frame.writeUInt16BE(length, 2);
  } else {
    frame = Buffer.allocUnsafe(length + 10);
    frame[1] = LENGTH_IN_8;
    // Two halves: a message is shorter than 2^53 bytes, and writeBigUInt64BE would allocate.
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    frame.writeUInt32BE(length >>> 0, 6);
  }
  frame[0] = firstByte;
  return frame;
}
