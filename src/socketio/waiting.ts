import type { BroadcastFlags } from "./broadcast-operator.js";
import type { Packet } from "./packet.js";

/** A packet that leaves after CONNECT; encoded already, so that later changes of its data do not count. */
export interface HeldPacket {
  readonly packet: Packet;
  readonly encoded: (string | Buffer)[];
  readonly flags: BroadcastFlags;
}

/** What waits while it is being decided whether a socket is let in. */
export class Waiting {
  /** It was disconnected before it was let in: it leaves right after CONNECT. */
  departure: { readonly close: boolean } | undefined = undefined;
  readonly outgoing: HeldPacket[] = [];
  readonly incoming: Packet[] = [];

  /** Keeps a packet of the client. @returns false when `maxPackets` wait already. */
  hold(packet: Packet, maxPackets: number): boolean {
    return this.incoming.length < maxPackets && this.incoming.push(packet) > 0;
  }
}
