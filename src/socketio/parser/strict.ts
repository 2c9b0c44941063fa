import { SocketError } from "../errors.js";
import type { SocketLimits } from "../limits.js";

/*
 * What socket.io-parser reads too generously is refused here, before anything is decoded: it takes whitespace for the
 * number 0 (`4␠` for CONNECT, `42␠["x"]` for ack id 0), `1e0` for one attachment, and events without data.
 */

const ZERO = 48;
const NINE = 57;
const SLASH = 47;
const OPEN_ARRAY = 91;
const OPEN_OBJECT = 123;
/** The longest number that is always exact. */
const MAX_SAFE_DIGITS = 15;

/** Type digits of Socket.IO packets as they stand on the wire. */
const CONNECT = ZERO;
const DISCONNECT = ZERO + 1;
const EVENT = ZERO + 2;
const ACK = ZERO + 3;
const BINARY_EVENT = ZERO + 5;
const BINARY_ACK = ZERO + 6;

/**
 * Checks the head of an encoded packet and its nesting; the rest is socket.io-parser's.
 *
 * @throws SocketError `SOCKET_BAD_PACKET`
 * @see socket.io-protocol v5, "Packet encoding"
 */
export function checkPacketText(text: string, limits: SocketLimits): void {
  const type = text.charCodeAt(0);
  let at = 1;
  if (type === BINARY_EVENT || type === BINARY_ACK) at = skipAttachments(text, at);
  if (text.charCodeAt(at) === SLASH) at = skipNamespace(text, at, limits.maxNamespaceLength);
  const idAt = at;
  at = skipDigits(text, at);
  if (at - idAt > MAX_SAFE_DIGITS) throw badPacket("ack id out of range");
  checkData(type, text, at);
  if (text.length > limits.maxPayloadDepth) checkDepth(text, at, limits.maxPayloadDepth);
}

function skipAttachments(text: string, start: number): number {
  const end = skipDigits(text, start);
  if (end === start || text[end] !== "-" || text.charCodeAt(start) === ZERO) throw badPacket("Illegal attachments");
  return end + 1;
}

function skipNamespace(text: string, start: number, maxLength: number): number {
  const comma = text.indexOf(",", start);
  const end = comma === -1 ? text.length : comma;
  if (end - start > maxLength) throw badPacket("namespace name too long");
  return end + 1;
}

function skipDigits(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); code >= ZERO && code <= NINE; code = text.charCodeAt(at)) at += 1;
  return at;
}

/** Events and acks carry an array, CONNECT an object or nothing, DISCONNECT nothing; clients send no other type. */
function checkData(type: number, text: string, at: number): void {
  const first = at < text.length ? text.charCodeAt(at) : -1;
  if (type === EVENT || type === ACK || type === BINARY_EVENT || type === BINARY_ACK) {
    if (first !== OPEN_ARRAY) throw badPacket("invalid payload");
  } else if (type === CONNECT) {
    if (first !== -1 && first !== OPEN_OBJECT) throw badPacket("invalid payload");
  } else if (type !== DISCONNECT || first !== -1) {
    throw badPacket(type === DISCONNECT ? "invalid payload" : "unknown packet type");
  }
}

function checkDepth(text: string, start: number, maxDepth: number): void {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "[" || character === "{") {
      if ((depth += 1) > maxDepth) throw badPacket("payload nested too deeply");
    } else if (character === "]" || character === "}") depth -= 1;
  }
}

export function badPacket(detail: string, cause?: unknown): SocketError {
  return new SocketError("SOCKET_BAD_PACKET", { values: { detail }, cause });
}
