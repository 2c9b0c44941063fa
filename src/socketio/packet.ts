import { PacketType, type Packet } from "socket.io-parser";

export { PacketType };
export type { Packet };

/** Names that belong to the protocol: neither side may emit them. */
const RESERVED: ReadonlySet<string> = new Set([
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "newListener",
  "removeListener",
]);

/** Whether a name is one of Socket.IO's own events, which neither side may emit. */
export function isReservedEvent(event: string): boolean {
  return RESERVED.has(event);
}
