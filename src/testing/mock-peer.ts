import {
  PacketType,
  Transport,
  type EnginePacket,
  type MessageData,
  type Packet,
  type PacketDecoder,
  type PacketEncoder,
  type Parser,
} from "../core.js";
import type { Emitted } from "./emits.js";

/** Answers an event; what it returns or resolves is the acknowledgement. */
export type Answerer = (...args: never[]) => unknown;

/** The far end of a mock socket: takes what is sent at once, and answers what it was told to. */
export class MockPeer extends Transport {
  readonly name = "memory";
  readonly received: Emitted[] = [];
  readonly answers = new Map<string, Answerer>();
  readonly #encoder: PacketEncoder;
  readonly #decoder: PacketDecoder;

  constructor({ Encoder, Decoder }: Parser) {
    super();
    this.#encoder = new Encoder();
    this.#decoder = new Decoder();
    this.#decoder.on("decoded", (packet) => {
      this.#onPacket(packet);
    });
  }

  override get writable(): boolean {
    return this.readyState === "open";
  }

  override send(packets: readonly EnginePacket[]): void {
    for (const { type, data = "" } of packets) if (type === "message") this.sendMessage(data);
  }

  override sendMessage(data: MessageData): void {
    this.#decoder.add(data);
  }

  override close(): void {
    this.end("transport close");
  }

  /** Sends a packet in the name of the client. */
  say(packet: Packet): void {
    for (const part of this.#encoder.encode(packet)) {
      this.deliver({ type: "message", data: typeof part === "string" ? part : Buffer.from(part as Uint8Array) });
    }
  }

  #onPacket({ type, nsp, id, data }: Packet): void {
    if (type !== PacketType.EVENT) return;
    const [event, ...args] = data as [string, ...unknown[]];
    this.received.push([event, ...args]);
    const answer = this.answers.get(event);
    if (id !== undefined && answer !== undefined) void this.#answer({ type: PacketType.ACK, nsp, id }, answer, args);
  }

  /** Later than the emit, as over every connection. A throw becomes an unhandled rejection, which runners report. */
  async #answer(ack: Packet, answer: Answerer, args: readonly unknown[]): Promise<void> {
    await Promise.resolve();
    this.say({ ...ack, data: [await answer(...(args as never[]))] });
  }
}
