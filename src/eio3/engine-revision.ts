import type { EngineRevision, FrameCodec, MessageData, PayloadCodec, Query } from "../engineio/index.js";
import { decodeBytes, decodeText, encodeBytes, encodeText } from "./codec.js";
import { ClientHeartbeat } from "./heartbeat.js";
import { withJsonp } from "./jsonp.js";
import { decodePayload, encodePayload } from "./payload.js";

const TEXT = { "Content-Type": "text/plain; charset=UTF-8" };
const BYTES = { "Content-Type": "application/octet-stream" };

const payload: PayloadCodec = {
  takesBytes: true,
  encode: (packets) => {
    const body = encodePayload(packets, true);
    return { headers: typeof body === "string" ? TEXT : BYTES, body };
  },
  decode: decodePayload,
};

const textPayload: PayloadCodec = {
  ...payload,
  encode: (packets) => ({ headers: TEXT, body: encodePayload(packets, false) }),
};

const frames: FrameCodec = {
  encodeBytes,
  decode: (frame: MessageData) => (typeof frame === "string" ? decodeText(frame) : decodeBytes(frame)),
};

const textFrames: FrameCodec = { ...frames, encodeBytes: (data) => encodeText({ type: "message", data }) };

/** Any value: a client that takes bytes says nothing, and one that does not still takes base64 where it said so. */
function takesBytes({ b64 }: Query): boolean {
  return b64 === undefined || b64 === "";
}

/**
 * Engine.IO as of versions 1 to 3 of its package, which socket.io-client 1 and 2 speak. Like engine.io, it takes every
 * client that asks for no other revision: some of that time do not name theirs.
 */
export const revision3: EngineRevision = withJsonp({
  protocol: 3,
  isAskedFor: () => true,
  payloadCodec: (query) => (takesBytes(query) ? payload : textPayload),
  frameCodec: (query) => (takesBytes(query) ? frames : textFrames),
  createHeartbeat: (deadlines, times, target) => new ClientHeartbeat(deadlines, times, target),
});
