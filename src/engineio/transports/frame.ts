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
  const frame = Buffer.allocUnsafe(headBytes(length) + length);
  writeHead(frame, 0, FINAL_TEXT, length);
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

/**
 * The same for a binary message.
 *
 * @param before - frames as latin1 that go in front of it, in the same buffer.
 */
export function binaryFrame(payload: Buffer, before = ""): Buffer {
  const { length } = payload;
  const frame = Buffer.allocUnsafe(before.length + headBytes(length) + length);
  frame.write(before, "latin1");
  writeHead(frame, before.length, FINAL_BINARY, length);
  payload.copy(frame, frame.length - length);
  return frame;
}

/** The head alone, for a binary message that is too long to be copied. */
export function binaryHead(length: number): Buffer {
  const head = Buffer.allocUnsafe(headBytes(length));
  writeHead(head, 0, FINAL_BINARY, length);
  return head;
}

function headBytes(length: number): number {
  if (length <= MAX_SHORT) return 2;
  return length <= MAX_MEDIUM ? 4 : 10;
}

function writeHead(frame: Buffer, at: number, firstByte: number, length: number): void {
  frame[at] = firstByte;
  if (length <= MAX_SHORT) {
    frame[at + 1] = length;
  } else if (length <= MAX_MEDIUM) {
    frame[at + 1] = LENGTH_IN_2;
    frame.writeUInt16BE(length, at + 2);
  } else {
    frame[at + 1] = LENGTH_IN_8;
    // Two halves: a message is shorter than 2^53 bytes, and writeBigUInt64BE would allocate.
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), at + 2);
    frame.writeUInt32BE(length >>> 0, at + 6);
  }
}
