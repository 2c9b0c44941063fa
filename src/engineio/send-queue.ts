import type { Packet } from "./packet.js";
import type { Transport } from "./transports/transport.js";

/** Called when a message has been handed to the transport. */
export type FlushCallback = (transport: Transport) => void;

/** What most queues hold, nearly always. */
const NOTHING: readonly Packet[] = Object.freeze([]);

/** Packets that wait for a transport to take them, and who wants to know when it has. */
export class SendQueue {
  packets: readonly Packet[] = NOTHING;
  bytes = 0;
  #callbacks: FlushCallback[] | undefined;

  push(packet: Packet): void {
    if (this.packets === NOTHING) this.packets = [packet];
    else (this.packets as Packet[]).push(packet);
    this.bytes += packet.data?.length ?? 0;
  }

  onTaken(callback: FlushCallback): void {
    (this.#callbacks ??= []).push(callback);
  }

  /** Empties the queue. */
  take(): { packets: readonly Packet[]; callbacks: readonly FlushCallback[] | undefined } {
    const taken = { packets: this.packets, callbacks: this.#callbacks };
    this.packets = NOTHING;
    this.bytes = 0;
    this.#callbacks = undefined;
    return taken;
  }
}
