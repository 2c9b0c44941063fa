import {
  decodePacket,
  encodePacket,
  Transport,
  type EnginePacket,
  type MessageData,
  type TransportName,
} from "../core.js";
import { Activity } from "./activity.js";
import { TestingError } from "./errors.js";
import { Wire, type FrameReceiver } from "./wire.js";

/** Ways to end that need no time to pass. */
export const TRANSPORT_LOSSES = ["transport close", "transport error", "parse error"] as const;

export type TransportLoss = (typeof TRANSPORT_LOSSES)[number];

/** No packet of Engine.IO begins like this. */
const NO_FRAME = "?";

/**
 * A connection without a network: carries the frames of a WebSocket between a server and a peer in the same process.
 * It opens no port and starts no timer; hand it to `server.engine.accept()`.
 */
export class MemoryTransport extends Transport {
  readonly name: TransportName;
  readonly #toPeer: Wire;
  readonly #fromPeer: Wire;
  #fault: Error | undefined;

  /**
   * @param peer - the client's end; what the server sends arrives there.
   * @param activity - counts the frames on their way.
   * @param name - what the server takes it for.
   */
  constructor(peer: FrameReceiver, activity: Activity = new Activity(), name: TransportName = "memory") {
    super();
    this.name = name;
    this.#toPeer = new Wire(peer, activity);
    this.#fromPeer = new Wire(
      {
        onFrame: (frame) => {
          this.#onFrame(frame);
        },
        onClose: () => {
          this.end(this.#fault === undefined ? "transport close" : "transport error", this.#fault);
          this.#hangUp();
        },
      },
      activity,
    );
  }

  override get writable(): boolean {
    return this.readyState === "open";
  }

  override send(packets: readonly EnginePacket[]): void {
    for (const packet of packets) this.#toPeer.push(encodePacket(packet));
  }

  override sendMessage(data: MessageData): void {
    this.#toPeer.push(typeof data === "string" ? `4${data}` : data);
  }

  override close(): void {
    if (this.readyState !== "open") return;
    this.readyState = "closing";
    this.#hangUp();
    this.end("transport close");
  }

  override discard(): void {
    super.discard();
    this.#hangUp();
  }

  override terminate(): void {
    super.discard();
    this.#toPeer.cut();
    this.#fromPeer.cut();
  }

  /** Takes one frame from the peer, of whatever content: the server has to cope. */
  receive(frame: MessageData): void {
    this.#fromPeer.push(frame);
  }

  /** The peer closes the connection, after what it has sent. */
  leave(): void {
    this.#fromPeer.close();
  }

  /** The connection ends, after what the peer has sent, for a reason that the server sees. */
  lose(how: TransportLoss): void {
    if (how === "parse error") {
      this.receive(NO_FRAME);
      return;
    }
    if (how === "transport error") this.#fault = new TestingError("TESTING_CONNECTION_BROKEN");
    this.leave();
  }

  /** Resolves when everything taken from the peer so far has reached the server. */
  delivered(): Promise<void> {
    return this.#fromPeer.delivered();
  }

  /** Resolves when everything sent so far has reached the peer. */
  protected arrived(): Promise<void> {
    return this.#toPeer.delivered();
  }

  #onFrame(frame: MessageData): void {
    if (this.readyState !== "open") return;
    if (typeof frame === "string") this.#onText(frame);
    else this.handler.onMessage(frame);
  }

  #onText(frame: string): void {
    let packet: EnginePacket;
    try {
      packet = decodePacket(frame);
    } catch (error) {
      this.end("parse error", error);
      this.#hangUp();
      return;
    }
    this.deliver(packet);
  }

  #hangUp(): void {
    this.#toPeer.close();
    this.#fromPeer.cut();
  }
}
