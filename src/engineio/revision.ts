import { decodePayload, encodePayload } from "./codec.js";
import type { Packet } from "./packet.js";

/**
 * What differs between revisions of Engine.IO. The engine knows revision 4; others are plugged in by the composition
 * root, so that no other file asks for a revision's number.
 */
export interface EngineRevision {
  /** The `EIO` query parameter that asks for it. */
  readonly protocol: number;
  readonly encodePayload: (packets: readonly Packet[]) => string;
  /** @throws EngineError `ENGINE_BAD_PAYLOAD`; nothing of the payload counts then. */
  readonly decodePayload: (body: string) => Packet[];
}

export const revision4: EngineRevision = { protocol: 4, encodePayload, decodePayload };
