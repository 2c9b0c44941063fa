import { messageOf } from "../../common/index.js";
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
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const COMMA = 44;
const BACKSLASH = 92;
const QUOTE = 34;
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
  if (type === BINARY_EVENT || type === BINARY_ACK) at = skipAttachments(text, at, limits.maxAttachments);
  if (text.charCodeAt(at) === SLASH) at = skipNamespace(text, at, limits.maxNamespaceLength);
  const idAt = at;
  at = skipDigits(text, at);
  if (type === ZERO) checkAuthSize(text, at, limits.maxAuthBytes);
  if (at - idAt > 1 && text.charCodeAt(idAt) === ZERO) throw badPacket("ack id with a leading zero");
  if (at - idAt >= MAX_ID_DIGITS) checkId(text.slice(idAt, at));
  checkData(type, text, at);
  if (text.length > limits.maxPayloadDepth || text.length > limits.maxPayloadItems) checkShape(text, at, limits);
  return at;
}

function checkAuthSize(text: string, start: number, maxBytes: number): void {
  if (Buffer.byteLength(text) - start > maxBytes) throw badPacket("auth too large");
}

function checkId(digits: string): void {
  if (!Number.isSafeInteger(Number(digits))) throw badPacket("ack id out of range");
}

function skipAttachments(text: string, start: number, maxAttachments: number): number {
  const end = skipDigits(text, start);
  if (end === start || text[end] !== "-" || text.charCodeAt(start) === ZERO) throw badPacket("Illegal attachments");
  if (Number(text.slice(start, end)) > maxAttachments) throw badPacket("too many attachments");
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

/** Nesting and number of items, in one pass over the text; what is no JSON is for the decoder to refuse. */
function checkShape(text: string, start: number, { maxPayloadDepth, maxPayloadItems }: SocketLimits): void {
  let depth = 0;
  let items = 0;
  for (let at = start; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        if ((depth += 1) > maxPayloadDepth) throw badPacket("payload nested too deeply");
        items += 1;
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        depth -= 1;
        break;
      case COMMA:
        items += 1;
    }
  }
  if (items > maxPayloadItems) throw badPacket("payload of too many items");
}

/** Where the string ends that begins at `start`: at the next quote after an even number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = end;
    while (text.charCodeAt(slashes - 1) === BACKSLASH) slashes -= 1;
    if ((end - slashes) % 2 === 0) return end;
  }
  return text.length;
}

/** What a parser threw, as the bad packet that it means. */
export function undecodable(error: unknown): SocketError {
  return SocketError.is(error) ? error : badPacket(messageOf(error), error);
}

/** The attachments of a packet did not all come in time. */
export function incomplete(): SocketError {
  return badPacket("the attachments of a packet did not come in time");
}

export function badPacket(detail: string, cause?: unknown): SocketError {
  return new SocketError("SOCKET_BAD_PACKET", { values: { detail }, cause });
}
