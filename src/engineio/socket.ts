import { captureRejectionSymbol, EventEmitter } from "node:events";
import type { Deadlines } from "../common/index.js";
import { EngineError } from "./errors.js";
import { Heartbeat, type HeartbeatTarget } from "./heartbeat.js";
import type { ResolvedEngineOptions } from "./options.js";
import type { ControlType, MessageData, Packet, PacketType, SendOptions } from "./packet.js";
import type { EngineRequest } from "./request.js";
import type { Transport, TransportEnd, TransportHandler } from "./transports/transport.js";
import type { UpgradeAttempt } from "./upgrade.js";

/** Why a session ended, in socket.io's words. */
export type EngineCloseReason = TransportEnd | "ping timeout" | "forced close" | "server shutting down";

/** What the layer above hears of a session: the seam between Engine.IO and Socket.IO. */
export interface EngineSocketHandler {
  onMessage(data: MessageData): void;
  /** Called once, last. */
  onClose(reason: EngineCloseReason, description?: unknown): void;
  /** Everything written so far has been handed to the transport. */
  onDrain(): void;
}

/** What a session needs from its server. */
export interface EngineSocketHost {
  readonly options: ResolvedEngineOptions;
  readonly deadlines: Deadlines;
  /** Called once, when the session has ended. */
  onSessionEnd(socket: EngineSocket): void;
  /** Where a session's upgrades may lead. */
  upgradesOf(transport: Transport): string[];
}

/** Emitters whose async listeners cannot end the process. */
const WATCHED = { captureRejections: true };

const nobody: EngineSocketHandler = {
  onMessage: () => undefined,
  onClose: () => undefined,
  onDrain: () => undefined,
};

/**
 * One client's session; it outlives its transport when that is upgraded (`socket.conn`).
 *
 * | state   | message from client | send    | close()  | transport ends |
 * |---------|---------------------|---------|----------|----------------|
 * | opening | –                   | queued  | closed   | closed         |
 * | open    | delivered           | sent    | closing  | closed         |
 * | closing | dropped             | dropped | –        | closed         |
 * | closed  | dropped             | dropped | –        | –              |
 *
 * The layer above listens through `handler`. Events are for users and cost nothing until somebody listens: `packet`,
 * `packetCreate`, `message`, `data`, `flush`, `drain`, `heartbeat`, `upgrading`, `upgrade`, `close`.
 */
export class EngineSocket extends EventEmitter implements TransportHandler, HeartbeatTarget {
  readonly id: string;
  readonly request: EngineRequest;
  readonly remoteAddress: string;
  transport: Transport;
  readyState: "opening" | "open" | "closing" | "closed" = "opening";
  handler: EngineSocketHandler = nobody;
  upgraded = false;
  /** The upgrade under way. @internal */
  attempt: UpgradeAttempt | undefined = undefined;
  readonly #host: EngineSocketHost;
  readonly #heartbeat: Heartbeat;
  #queue: Packet[] = [];
  #queuedBytes = 0;
  #observed = false;

  constructor(id: string, transport: Transport, request: EngineRequest, host: EngineSocketHost) {
    super(WATCHED);
    this.id = id;
    this.transport = transport;
    this.request = request;
    this.remoteAddress = request.socket.remoteAddress ?? "";
    this.#host = host;
    this.#heartbeat = new Heartbeat(host.deadlines, host.options, this);
    transport.handler = this;
  }

  /** Revision of Engine.IO that the client speaks. */
  get protocol(): number {
    return this.transport.protocol;
  }

  /** Whether the client is probing another transport. */
  get upgrading(): boolean {
    return this.attempt?.probed === true;
  }

  /** Packets that wait for the transport. */
  get writeBuffer(): readonly Packet[] {
    return this.#queue;
  }

  /** Bytes that wait here and in the transport. */
  get bufferedBytes(): number {
    return this.#queuedBytes + this.transport.bufferedBytes;
  }

  /** Whether more waits for the client than the limits allow. */
  get full(): boolean {
    const { maxBufferedBytes, maxBufferedPackets } = this.#host.options;
    return this.#queue.length > maxBufferedPackets || this.bufferedBytes > maxBufferedBytes;
  }

  /** Sends the handshake; the session is open from here on. @internal */
  open(): void {
    this.readyState = "open";
    const { pingInterval, pingTimeout, maxHttpBufferSize } = this.#host.options;
    const upgrades = this.#host.upgradesOf(this.transport);
    const handshake = { sid: this.id, upgrades, pingInterval, pingTimeout, maxPayload: maxHttpBufferSize };
    this.#sendPacket("open", JSON.stringify(handshake));
    this.#heartbeat.beat();
  }

  /**
   * Sends one message. Ignored unless the session is open.
   *
   * @param onFlushed - called when the message has been handed to the transport.
   */
  send(data: MessageData, options?: SendOptions, onFlushed?: () => void): this {
    if (this.readyState !== "open") return this;
    if (this.#observed) this.#emitSafely("packetCreate", { type: "message", data, options });
    if (this.#queue.length === 0 && this.transport.ready) {
      this.transport.sendMessage(data, options);
      this.#checkBuffer();
    } else {
      this.#enqueue({ type: "message", data, options });
    }
    if (onFlushed !== undefined) this.once("drain", onFlushed);
    return this;
  }

  /** The same as `send`. */
  write(data: MessageData, options?: SendOptions, onFlushed?: () => void): this {
    return this.send(data, options, onFlushed);
  }

  /**
   * Ends the session after what is queued has left.
   *
   * @param discard - drop what is queued instead.
   */
  close(discard = false): void {
    if (discard) {
      this.#end("forced close");
    } else if (this.readyState === "open") {
      this.readyState = "closing";
      if (this.#queue.length === 0) this.transport.close();
    }
  }

  override on(event: string | symbol, listener: (...args: never[]) => void): this {
    this.#observed = true;
    return super.on(event, listener as (...args: unknown[]) => void);
  }

  override addListener(event: string | symbol, listener: (...args: never[]) => void): this {
    return this.on(event, listener);
  }

  override prependListener(event: string | symbol, listener: (...args: never[]) => void): this {
    this.#observed = true;
    return super.prependListener(event, listener as (...args: unknown[]) => void);
  }

  /** @internal */
  onMessage(data: MessageData): void {
    if (this.readyState !== "open") return;
    try {
      if (this.#observed) this.#announce(data);
      this.handler.onMessage(data);
    } catch (error) {
      this.#host.options.logger.error("a message handler threw", { error });
    }
  }

  /** @internal */
  onControl(type: ControlType, data: MessageData | undefined): void {
    if (this.readyState !== "open") return;
    if (this.#observed) this.#emitSafely("packet", { type, data });
    if (type === "pong") {
      this.#heartbeat.beat();
      if (this.#observed) this.#emitSafely("heartbeat");
    } else if (type === "ping") {
      this.#end("transport error", new EngineError("ENGINE_HEARTBEAT_DIRECTION"));
    }
    // Open, close (on WebSocket), upgrade and noop mean nothing from a client; socket.io ignores them as well.
  }

  /** @internal */
  onWritable(): void {
    this.#flush();
    if (this.readyState === "closing" && this.#queue.length === 0) this.transport.close();
  }

  /** @internal */
  onEnd(reason: TransportEnd, description?: unknown): void {
    this.#end(this.readyState === "closing" ? "forced close" : reason, description);
  }

  /** @internal */
  sendPing(): void {
    if (this.readyState === "open") this.#sendPacket("ping");
  }

  /** @internal */
  onPingTimeout(): void {
    this.#end("ping timeout");
  }

  /** The server goes away. @internal */
  shutDown(): void {
    this.#end("server shutting down");
  }

  /** The client has found that this transport works. @internal */
  onProbed(transport: Transport): void {
    if (this.#observed) this.#emitSafely("upgrading", transport);
  }

  /** Goes on over another transport; the old one delivers nothing more. @internal */
  upgradeTo(transport: Transport): void {
    const previous = this.transport;
    this.attempt = undefined;
    previous.discard();
    this.transport = transport;
    transport.handler = this;
    this.upgraded = true;
    if (this.#observed) this.#emitSafely("upgrade", transport);
    this.onWritable();
  }

  #announce(data: MessageData): void {
    this.#emitSafely("packet", { type: "message", data });
    this.#emitSafely("data", data);
    this.#emitSafely("message", data);
  }

  #sendPacket(type: PacketType, data?: string): void {
    const packet: Packet = { type, data };
    if (this.#observed) this.#emitSafely("packetCreate", packet);
    this.#enqueue(packet);
  }

  #enqueue(packet: Packet): void {
    this.#queue.push(packet);
    this.#queuedBytes += packet.data?.length ?? 0;
    this.#flush();
    this.#checkBuffer();
  }

  #flush(): void {
    if (this.#queue.length > 0 && this.transport.ready) {
      const packets = this.#queue;
      this.#queue = [];
      this.#queuedBytes = 0;
      if (this.#observed) this.#emitSafely("flush", packets);
      this.transport.send(packets);
    }
    if (this.#queue.length > 0) return;
    this.handler.onDrain();
    if (this.#observed) this.#emitSafely("drain");
  }

  /** A client that reads too slowly must not cost the server its memory. */
  #checkBuffer(): void {
    if (!this.full || this.#host.options.bufferPolicy !== "disconnect") return;
    const values = { bytes: this.bufferedBytes, packets: this.#queue.length };
    this.transport.terminate();
    this.#end("transport error", new EngineError("ENGINE_BUFFER_FULL", { values }));
  }

  #end(reason: EngineCloseReason, description?: unknown): void {
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    this.#heartbeat.cancel();
    this.attempt?.abandon();
    // From here on the transport says goodbye, if it can do so at once, and nothing else.
    if (this.transport.ready) this.transport.close();
    this.transport.discard();
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#host.onSessionEnd(this);
    try {
      this.handler.onClose(reason, description);
    } catch (error) {
      this.#host.options.logger.error("a close handler threw", { error });
    }
    if (this.#observed) this.#emitSafely("close", reason, description);
  }

  #emitSafely(event: string, ...args: unknown[]): void {
    try {
      this.emit(event, ...args);
    } catch (error) {
      this[captureRejectionSymbol](error, event);
    }
  }

  /** Where node brings what an async listener rejects with. */
  override [captureRejectionSymbol](error: unknown, event: string | symbol): void {
    this.#host.options.logger.error(`a listener of "${String(event)}" on a connection threw`, { error });
  }
}
