import {
  decodePacket,
  encodePacket,
  Transport,
  type MessageData,
  type Packet,
  type SendOptions,
  type TransportEnd,
  type TransportName,
} from "../../src/engineio/index.js";

/**
 * A transport without a connection. It records what the server sends, each packet as the WebSocket frame it would be,
 * and delivers at once what the test receives for it.
 */
export class FakeTransport extends Transport {
  readonly name: TransportName;
  /** Everything sent. */
  readonly frames: MessageData[] = [];
  /** How many packets each call of `send` brought. */
  readonly batches: number[] = [];
  /** The options of each message sent. */
  readonly options: (SendOptions | undefined)[] = [];
  /** Which of its ends were called for, in order. */
  readonly goodbyes: ("close" | "discard" | "terminate")[] = [];
  /** Bytes that it claims to hold back. */
  heldBytes = 0;
  #isWritable = true;

  /** @param name - as "polling" it takes packets once, then not until `becomeWritable`: the client has to poll again. */
  constructor(name: TransportName = "websocket") {
    super();
    this.name = name;
  }

  override get writable(): boolean {
    return this.#isWritable && this.readyState === "open";
  }

  override get bufferedBytes(): number {
    return this.heldBytes;
  }

  override send(packets: readonly Packet[]): void {
    this.batches.push(packets.length);
    for (const packet of packets) {
      this.frames.push(encodePacket(packet));
      if (packet.type === "message") this.options.push(packet.options);
    }
    if (this.name === "polling") this.#isWritable = false;
  }

  override close(): void {
    if (this.readyState !== "open") return;
    this.readyState = "closing";
    this.goodbyes.push("close");
    if (this.#isWritable) this.end("transport close");
  }

  override discard(): void {
    super.discard();
    this.goodbyes.push("discard");
  }

  override terminate(): void {
    super.discard();
    this.goodbyes.push("terminate");
  }

  /** Takes nothing until `becomeWritable`. */
  becomeUnwritable(): void {
    this.#isWritable = false;
  }

  becomeWritable(): void {
    this.#isWritable = true;
    if (this.readyState === "closing") this.end("transport close");
    else this.handler.onWritable();
  }

  /** Frames come from the client. */
  receive(...frames: MessageData[]): void {
    for (const frame of frames) this.deliver(typeof frame === "string" ? decodePacket(frame) : binary(frame));
  }

  /** The connection is gone. */
  lose(reason: TransportEnd = "transport close", description?: unknown): void {
    this.end(reason, description);
  }

  /** What was sent since the last call. */
  take(): MessageData[] {
    return this.frames.splice(0);
  }
}

function binary(data: Buffer): Packet {
  return { type: "message", data };
}
