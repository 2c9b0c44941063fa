/** WebSocket frames as a server sends them: final, unmasked, uncompressed (RFC 6455, section 5.2). */

const FINAL_TEXT = 0x81;
const FINAL_BINARY = 0x82;
const MAX_SHORT = 125;
const MAX_MEDIUM = 0xffff;

/** Header and payload of a text message in one buffer, so that they leave in one write. */
export function textFrame(payload: string): Buffer {
  const length = Buffer.byteLength(payload);
  const frame = allocateFrame(FINAL_TEXT, length);
  // Text of as many bytes as characters is ASCII, and latin1 is the faster copy.
  frame.write(payload, frame.length - length, length === payload.length ? "latin1" : "utf8");
  return frame;
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
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame = Buffer.allocUnsafe(length + 10);
    frame[1] = 127;
    // Two halves: a message is shorter than 2^53 bytes, and writeBigUInt64BE would allocate.
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    frame.writeUInt32BE(length >>> 0, 6);
  }
  frame[0] = firstByte;
  return frame;
}
