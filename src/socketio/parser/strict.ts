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
/** Digits of 2^53 - 1, the largest id that JavaScript counts exactly. */
const MAX_ID_DIGITS = 16;

const BINARY_EVENT = ZERO + 5;
const BINARY_ACK = ZERO + 6;

/** What the data of a packet begins with, by type; -1 is no data. Other types are the server's alone. */
const DATA_BEGINS_WITH: ReadonlyMap<number, readonly number[]> = new Map([
  [ZERO, [-1, OPEN_OBJECT]],
  [ZERO + 1, [-1]],
  [ZERO + 2, [OPEN_ARRAY]],
  [ZERO + 3, [OPEN_ARRAY]],
  [BINARY_EVENT, [OPEN_ARRAY]],
  [BINARY_ACK, [OPEN_ARRAY]],
]);

/**
 * Checks the head of an encoded packet and its nesting; whether the data is JSON is for the decoder to say.
 *
 * @returns where the data begins.
 * @throws SocketError `SOCKET_BAD_PACKET`
 * @see socket.io-protocol v5, "Packet encoding"
 */
export function checkPacketText(text: string, limits: SocketLimits): number {
  const type = text.charCodeAt(0);
  let at = 1;
  if (type === BINARY_EVENT || type === BINARY_ACK) at = skipAttachments(text, at);
  if (text.charCodeAt(at) === SLASH) at = skipNamespace(text, at, limits.maxNamespaceLength);
  const idAt = at;
  at = skipDigits(text, at);
  if (at - idAt >= MAX_ID_DIGITS) checkId(text.slice(idAt, at));
  checkData(type, text, at);
  if (text.length > limits.maxPayloadDepth) checkDepth(text, at, limits.maxPayloadDepth);
  return at;
}

function checkId(digits: string): void {
  if (!Number.isSafeInteger(Number(digits))) throw badPacket("ack id out of range");
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

function checkData(type: number, text: string, at: number): void {
  const allowed = DATA_BEGINS_WITH.get(type);
  if (allowed === undefined) throw badPacket(`unknown packet type ${text.slice(0, 1)}`);
  if (!allowed.includes(at < text.length ? text.charCodeAt(at) : -1)) throw badPacket("invalid payload");
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

/**
 * Checks the placeholders of a binary packet, which socket.io-parser takes for any number: a fractional one would give
 * `undefined` in the attachment's place.
 *
 * @param text - a packet that `checkPacketText` let pass, so its nesting is bounded.
 * @throws SocketError `SOCKET_BAD_PACKET`
 */
export function checkPlaceholders(text: string): void {
  try {
    checkPlaceholdersIn(JSON.parse(text.slice(text.indexOf("["))));
  } catch (error) {
    throw SocketError.is(error) ? error : badPacket("invalid payload", error);
  }
}

function checkPlaceholdersIn(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const { _placeholder, num } = value as { _placeholder?: unknown; num?: unknown };
  if (_placeholder === true && !Number.isInteger(num)) throw badPacket("illegal attachments");
  for (const item of Object.values(value)) checkPlaceholdersIn(item);
}

export function badPacket(detail: string, cause?: unknown): SocketError {
  return new SocketError("SOCKET_BAD_PACKET", { values: { detail }, cause });
}
