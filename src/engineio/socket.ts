import type { IncomingMessage } from "node:http";
import type { Deadlines } from "../common/index.js";
import { EngineError } from "./errors.js";
import { GuardedEmitter } from "./guarded-emitter.js";
import { clientAddress } from "./http/client-address.js";
import type { Heartbeat, HeartbeatTarget } from "./heartbeat.js";
import type { ResolvedEngineOptions } from "./options.js";
import { toMessageData, type ControlType, type MessageData, type Packet, type PacketType } from "./packet.js";
import type { Sendable, SendOptions } from "./packet.js";
import { queryOf, type EngineRequest } from "./request.js";
import { SendQueue, type FlushCallback } from "./send-queue.js";
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
  /** Whether somebody hears `onQueueEvent`. */
  readonly observesQueues: boolean;
  /** Packets are handed to a transport, or have been. */
  onQueueEvent(event: "flush" | "drain", socket: EngineSocket, packets?: readonly Packet[]): void;
  /** Where sessions over a transport of that name may move to. */
  upgrades(transport: string): string[];
}

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
export class EngineSocket extends GuardedEmitter implements TransportHandler, HeartbeatTarget {
  readonly id: string;
  /** Address of the client; that of the proxy in front of it unless `trustProxy` says otherwise. */
  readonly remoteAddress: string;
  /** Whether the connection was encrypted at its beginning: of HTTP/2, its request does not know it any more later. */
  readonly secure: boolean;
  transport: Transport;
  readyState: "opening" | "open" | "closing" | "closed" = "opening";
  handler: EngineSocketHandler = nobody;
  upgraded = false;
  /** The upgrade under way. @internal */
  attempt: UpgradeAttempt | undefined = undefined;
  readonly #host: EngineSocketHost;
  readonly #heartbeat: Heartbeat;
  readonly #queue = new SendQueue();
  #request: IncomingMessage | null;
  #origin: EngineRequest;
  #strays = 0;

  constructor(id: string, transport: Transport, request: EngineRequest, host: EngineSocketHost) {
    super();
    this.id = id;
    this.transport = transport;
    this.#request = request as IncomingMessage;
    this.#origin = request;
    this.remoteAddress = clientAddress(request, host.options.trustProxy);
    this.secure = request.socket.encrypted === true;
    this.#host = host;
    this.#heartbeat = transport.revision.createHeartbeat(host.deadlines, host.options, this);
    transport.handler = this;
  }

  /** The engine that the session belongs to. */
  get server(): EngineSocketHost {
    return this.#host;
  }

  /**
   * The request that opened the connection; of a transport without HTTP it has no more than EngineRequest says. Listeners
   * of the engine's "connection" may set it to null, to save its memory.
   */
  get request(): IncomingMessage {
    return this.#request as IncomingMessage;
  }

  set request(request: IncomingMessage | null) {
    const { headers, url, method, socket } = this.#origin;
    const { remoteAddress, encrypted = false } = socket;
    this.#origin = { headers, url, method, socket: { remoteAddress, encrypted }, _query: queryOf(this.#origin) };
    this.#request = request;
  }

  /** What is known of that request, also without it. @internal */
  get origin(): EngineRequest {
    return this.#origin;
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
    return this.#queue.packets;
  }

  /** Bytes that wait here and in the transport. */
  get bufferedBytes(): number {
    return this.#queue.bytes + this.transport.bufferedBytes;
  }

  /** Whether more waits for the client than the limits allow. */
  get full(): boolean {
    const { maxBufferedBytes, maxBufferedPackets } = this.#host.options;
    return this.#queue.packets.length > maxBufferedPackets || this.bufferedBytes > maxBufferedBytes;
  }

  /** Sends the handshake; the session is open from here on. @internal */
  open(): void {
    this.readyState = "open";
    const { pingInterval, pingTimeout, maxHttpBufferSize, initialPacket } = this.#host.options;
    const upgrades = this.#host.upgrades(this.transport.name);
    const handshake = { sid: this.id, upgrades, pingInterval, pingTimeout, maxPayload: maxHttpBufferSize };
    this.#sendPacket("open", JSON.stringify(handshake));
    if (initialPacket) this.#sendPacket("message", toMessageData(initialPacket));
    this.#heartbeat.beat();
  }

  /**
   * Sends one message. Ignored unless the session is open.
   *
   * @param options - may be left out in front of `onFlushed`.
   */
  send(data: Sendable, options?: SendOptions | FlushCallback, onFlushed?: FlushCallback): this {
    if (this.readyState !== "open") return this;
    if (typeof data !== "string" && !Buffer.isBuffer(data)) return this.send(toMessageData(data), options, onFlushed);
    if (typeof options === "function") return this.send(data, undefined, options);
    if (onFlushed !== undefined) this.#queue.onTaken(onFlushed);
    if (onFlushed !== undefined || this.#isWatched) {
      this.#sendPacket("message", data, options);
    } else if (this.#queue.packets.length === 0 && this.transport.ready) {
      this.transport.sendMessage(data, options);
      this.#checkBuffer();
    } else {
      this.#enqueue({ type: "message", data, options });
    }
    return this;
  }

  /** The same as `send`. */
  write(data: Sendable, options?: SendOptions | FlushCallback, onFlushed?: FlushCallback): this {
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
      if (this.#queue.packets.length === 0) this.transport.close();
    }
  }

  /** @internal */
  onMessage(data: MessageData): void {
    if (this.readyState !== "open") return;
    if (this.#heartbeat.mayExtend) this.#heartbeat.extend();
    try {
      if (this.isObserved) this.#announce(data);
      this.handler.onMessage(data);
    } catch (error) {
      this.#host.options.logger.error("a message handler threw", { error });
    }
  }

  /** @internal */
  onControl(type: ControlType, data: MessageData | undefined): void {
    if (this.readyState !== "open") return;
    if (this.isObserved) this.emitSafely("packet", { type, data });
    if (type === "ping" || type === "pong") {
      this.#onHeartbeat(type);
    } else {
      // Open, close (on WebSocket), upgrade and noop mean nothing from a client; socket.io ignores them as well.
      if (this.#heartbeat.mayExtend) this.#heartbeat.extend();
      this.onStray();
    }
  }

  /** @internal */
  onStray(): void {
    this.#strays += 1;
    if (this.#strays <= this.#host.options.maxStrayPackets || this.readyState === "closed") return;
    this.transport.terminate();
    this.#end("transport error", new EngineError("ENGINE_STRAY_PACKETS", { values: { packets: this.#strays } }));
  }

  /** @internal */
  onWritable(): void {
    this.#flush();
    if (this.readyState === "closing" && this.#queue.packets.length === 0) this.transport.close();
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
  sendPong(): void {
    this.#sendPacket("pong");
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
    if (this.isObserved) this.emitSafely("upgrading", transport);
  }

  /** Goes on over another transport; the old one delivers nothing more. @internal */
  upgradeTo(transport: Transport): void {
    const previous = this.transport;
    if (this.attempt?.probed === false) this.#host.options.logger.debug("a client has upgraded without a probe");
    this.attempt = undefined;
    previous.discard();
    this.transport = transport;
    transport.handler = this;
    this.upgraded = true;
    if (this.isObserved) this.emitSafely("upgrade", transport);
    this.onWritable();
  }

  #onHeartbeat(type: "ping" | "pong"): void {
    this.#strays = 0;
    if (!this.#heartbeat.take(type)) this.#end("transport error", new EngineError("ENGINE_HEARTBEAT_DIRECTION"));
    else if (this.isObserved) this.emitSafely("heartbeat");
  }

  get #isWatched(): boolean {
    return this.isObserved || this.#host.observesQueues;
  }

  #announce(data: MessageData): void {
    this.emitSafely("packet", { type: "message", data });
    this.emitSafely("data", data);
    this.emitSafely("message", data);
  }

  #sendPacket(type: PacketType, data?: MessageData, options?: SendOptions): void {
    const packet: Packet = { type, data, options };
    this.#enqueue(this.isObserved ? this.#show(packet) : packet);
  }

  /** Listeners find in it whether it may be compressed, as in engine.io's, and may change what is sent: encrypt it, say. */
  #show({ type, data, options }: Packet): Packet {
    const shown: Packet = { type, data, options: { ...options, compress: options?.compress !== false } };
    this.emitSafely("packetCreate", shown);
    return shown.data === data ? shown : { ...shown, data: toMessageData(shown.data ?? "") };
  }

  #enqueue(packet: Packet): void {
    this.#queue.push(packet);
    this.#flush();
    this.#checkBuffer();
  }

  #flush(): void {
    if (this.#queue.packets.length > 0 && this.transport.ready) this.#handOver();
    if (this.#queue.packets.length === 0) this.handler.onDrain();
  }

  #handOver(): void {
    const { packets, callbacks = [] } = this.#queue.take();
    if (this.#isWatched) this.#tellOfQueue("flush", packets);
    this.transport.send(packets);
    if (this.#isWatched) this.#tellOfQueue("drain");
    for (const callback of callbacks) this.#call(callback);
  }

  #tellOfQueue(event: "flush" | "drain", ...packets: [(readonly Packet[])?]): void {
    this.emitSafely(event, ...packets);
    this.#host.onQueueEvent(event, this, ...packets);
  }

  #call(callback: FlushCallback): void {
    try {
      callback(this.transport);
    } catch (error) {
      this.#host.options.logger.error("a callback of send threw", { error });
    }
  }

  /** A client that reads too slowly must not cost the server its memory. */
  #checkBuffer(): void {
    if (!this.full || this.#host.options.bufferPolicy !== "disconnect") return;
    const values = { bytes: this.bufferedBytes, packets: this.#queue.packets.length };
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
    this.#host.onSessionEnd(this);
    try {
      this.handler.onClose(reason, description);
    } catch (error) {
      this.#host.options.logger.error("a close handler threw", { error });
    }
    if (this.isObserved) this.emitSafely("close", reason, description);
    // Until here users may look what was not sent.
    this.#queue.take();
  }

  protected override onListenerFailure(error: unknown, event: string): void {
    this.#host.options.logger.error(`a listener of "${event}" on a connection threw`, { error });
  }
}
