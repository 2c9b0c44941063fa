import { types } from "node:util";
import { toBuffer } from "../common/index.js";

/** Engine.IO packets as every transport and codec understands them. */

/** Data of one message: text or bytes, as they travel. */
export type MessageData = string | Buffer;

/** What users may send: text, bytes in any shape, or a number, which travels as text; 0 as none, as in engine.io. */
export type Sendable = MessageData | ArrayBuffer | ArrayBufferView | number;

/** The data of a message as it travels. Whatever else it may be is text, or none. */
export function toMessageData(data: Sendable): MessageData {
  if (typeof data === "string") return data;
  // Not `instanceof`: under jest buffers are of another realm.
  return ArrayBuffer.isView(data) || types.isAnyArrayBuffer(data) ? toBuffer(data) : String(data || "");
}

/** How one message is sent. */
export interface SendOptions {
  /** Whether the transport may compress this message. Default true. */
  readonly compress?: boolean | undefined;
  /** The whole WebSocket frame, made once for all receivers of a broadcast (header and payload as ws frames them). */
  readonly wsPreEncodedFrame?: readonly Buffer[] | undefined;
}

export type PacketType = "open" | "close" | "ping" | "pong" | "message" | "upgrade" | "noop";

/** One packet; only messages carry bytes. */
export interface Packet {
  readonly type: PacketType;
  readonly data?: MessageData | undefined;
  readonly options?: SendOptions | undefined;
}

/** Everything but messages: these never leave the engine. */
export type ControlType = Exclude<PacketType, "message">;
