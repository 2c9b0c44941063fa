import type { Deadlines } from "../common/index.js";
import { decodePacket, decodePayload, encodePayload } from "./codec.js";
import { ServerHeartbeat, type Heartbeat, type HeartbeatTarget, type HeartbeatTimes } from "./heartbeat.js";
import type { MessageData, Packet } from "./packet.js";
import type { Query } from "./request.js";

/** The answer to a poll. */
export interface PayloadBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: MessageData;
}

/** How packets travel in the bodies of one polling session. */
export interface PayloadCodec {
  /** Whether the client may post bytes (`application/octet-stream`). */
  readonly takesBytes: boolean;
  encode(packets: readonly Packet[]): PayloadBody;
  /**
   * @param body - text; bytes when they were posted as such.
   * @param maxPackets - a body of more does not decode.
   * @throws EngineError `ENGINE_BAD_PAYLOAD`; nothing of the body counts then.
   */
  decode(body: MessageData, maxPackets: number): Packet[];
}

/** How packets travel in WebSocket frames. Text messages, `4` and the text, are the same in all revisions. */
export interface FrameCodec {
  /** @returns data of the frame of a binary message. */
  encodeBytes(data: Buffer): MessageData;
  /** @throws EngineError `ENGINE_BAD_PAYLOAD` */
  decode(frame: MessageData): Packet;
}

/**
 * What differs between revisions of Engine.IO. The engine knows revision 4; others are plugged in by the composition
 * root, so that no other file asks for a revision's number.
 */
export interface EngineRevision {
  readonly protocol: number;
  /** Whether a request with this query speaks it; of several revisions, the first that says so. */
  isAskedFor(query: Query): boolean;
  /** @param query - of the request that opens the session. */
  payloadCodec(query: Query): PayloadCodec;
  /** @param query - of the request that opens the WebSocket. */
  frameCodec(query: Query): FrameCodec;
  createHeartbeat(deadlines: Deadlines, times: HeartbeatTimes, target: HeartbeatTarget): Heartbeat;
}

/** The revision that a request asks for; undefined when it is none of these. */
export function revisionOf(query: Query, revisions: readonly EngineRevision[]): EngineRevision | undefined {
  return revisions.find((revision) => revision.isAskedFor(query));
}

const PROTOCOL = 4;
const TEXT = { "Content-Type": "text/plain; charset=UTF-8" };

const payload: PayloadCodec = {
  takesBytes: false,
  encode: (packets) => ({ headers: TEXT, body: encodePayload(packets) }),
  decode: (body, maxPackets) => decodePayload(body.toString(), maxPackets),
};

const bareFrames: FrameCodec = {
  encodeBytes: (data) => data,
  decode: (frame) => (typeof frame === "string" ? decodePacket(frame) : { type: "message", data: frame }),
};

const textFrames: FrameCodec = { ...bareFrames, encodeBytes: (data) => `b${data.toString("base64")}` };

/** Engine.IO as of version 4 of its package: the revision that all clients since socket.io-client 3 speak. */
export const revision4: EngineRevision = {
  protocol: PROTOCOL,
  isAskedFor: ({ EIO }) => EIO === String(PROTOCOL),
  payloadCodec: () => payload,
  // Clients whose platform has no binary frames say so by `b64`.
  frameCodec: ({ b64 }) => (b64 ? textFrames : bareFrames),
  createHeartbeat: (deadlines, times, target) => new ServerHeartbeat(deadlines, times, target),
};
