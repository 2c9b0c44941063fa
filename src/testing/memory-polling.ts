import type { EnginePacket, MessageData } from "../core.js";
import type { Activity } from "./activity.js";
import { MemoryTransport } from "./memory-transport.js";
import type { FrameReceiver } from "./wire.js";

/**
 * A connection without a network that can take packets as HTTP polling can: while a poll waits. Between the answer to one
 * and the next the server keeps what it has to send, and drops what is volatile.
 */
export class MemoryPolling extends MemoryTransport {
  #hasPoll = true;

  constructor(peer: FrameReceiver, activity?: Activity) {
    super(peer, activity, "polling");
  }

  override get writable(): boolean {
    return super.writable && this.#hasPoll;
  }

  override send(packets: readonly EnginePacket[]): void {
    super.send(packets);
    this.#answerPoll();
  }

  override sendMessage(data: MessageData): void {
    super.sendMessage(data);
    this.#answerPoll();
  }

  /** The client polls again as soon as it has what was sent. */
  #answerPoll(): void {
    this.#hasPoll = false;
    void this.arrived().then(() => {
      this.#hasPoll = true;
      if (this.readyState === "open") this.handler.onWritable();
    });
  }
}
