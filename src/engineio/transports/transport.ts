import { revision4, type EngineRevision } from "../revision.js";
import type { ControlType, MessageData, Packet, SendOptions } from "../packet.js";

/** Transports by the names that clients ask for; "memory" is for tests. */
export type TransportName = "polling" | "websocket" | "webtransport" | "memory";

/** Why a transport ended, in socket.io's words: users compare these strings. */
export type TransportEnd = "transport close" | "transport error" | "parse error";

/** Who receives from a transport: a session, or an attempt to upgrade one. */
export interface TransportHandler {
  onMessage(data: MessageData): void;
  onControl(type: ControlType, data: MessageData | undefined): void;
  /** Something has come that means nothing to Engine.IO. */
  onStray(): void;
  /** The transport can take packets again. */
  onWritable(): void;
  /** Called once, last. */
  onEnd(reason: TransportEnd, description?: unknown): void;
}

/** Receiver of a transport that nobody listens to any more. */
const nobody: TransportHandler = {
  onMessage: () => undefined,
  onControl: () => undefined,
  onStray: () => undefined,
  onWritable: () => undefined,
  onEnd: () => undefined,
};

/**
 * Carries packets between a session and one client: the contract that HTTP polling, WebSocket and the in-memory test
 * transport fulfil. Every implementation passes test/support/transport-contract.ts.
 */
export abstract class Transport {
  abstract readonly name: TransportName;
  /** Revision of Engine.IO that its client speaks. */
  readonly revision: EngineRevision = revision4;
  readyState: "open" | "closing" | "closed" = "open";
  handler: TransportHandler = nobody;

  /** Number of the revision. */
  get protocol(): number {
    return this.revision.protocol;
  }

  /** Whether a volatile message sent now would leave at once. */
  abstract get writable(): boolean;

  /** Whether `send` may be called now. Differs from `writable` where the transport queues by itself. */
  get ready(): boolean {
    return this.writable;
  }

  /** Bytes handed to the operating system or held for it, not yet sent. */
  get bufferedBytes(): number {
    return 0;
  }

  /** Sends packets in order. Called only while `ready`. */
  abstract send(packets: readonly Packet[]): void;

  /** The hot path of `send`: one message, no packet object where the transport needs none. */
  sendMessage(data: MessageData, options?: SendOptions): void {
    this.send([{ type: "message", data, options }]);
  }

  /** Says goodbye in the transport's own way as soon as it can; `onEnd` follows then. Idempotent. */
  abstract close(): void;

  /** Lets go: nothing more is delivered, requests in flight are answered, the connection closes in its own time. */
  discard(): void {
    this.handler = nobody;
  }

  /** Lets go at once and frees what waits to be sent. */
  terminate(): void {
    this.discard();
  }

  /** Whether nobody hears what comes any more. */
  protected get isLetGo(): boolean {
    return this.handler === nobody;
  }

  /** Reports the end to the handler, once. */
  protected end(reason: TransportEnd, description?: unknown): void {
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    const { handler } = this;
    this.handler = nobody;
    handler.onEnd(reason, description);
  }

  /** Hands a decoded packet to the handler. */
  protected deliver(packet: Packet): void {
    if (packet.type === "message") this.handler.onMessage(packet.data ?? "");
    else this.handler.onControl(packet.type, packet.data);
  }
}
