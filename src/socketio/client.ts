import type { IncomingMessage } from "node:http";
import { RateLimit, toBuffer, type Deadline, type Deadlines } from "../common/index.js";
import type { EngineCloseReason, EngineSocket, EngineSocketHandler, MessageData } from "../engineio/index.js";
import type { AckDebtor } from "./ack.js";
import type { ReachableClient } from "./adapter/contract.js";
import type { BroadcastFlags } from "./broadcast-operator.js";
import { ClientSockets } from "./client-sockets.js";
import { SocketError } from "./errors.js";
import type { Namespace } from "./namespace.js";
import { PacketType, type Packet } from "./packet.js";
import type { JsonTransform, PacketReader, PacketReaderHost } from "./parser/reader.js";
import type { SocketRevision } from "./revision.js";
import type { Server } from "./server.js";
import type { Socket } from "./socket.js";

/** How encoded packets are written; one object is shared by all receivers of a broadcast. */
export interface WriteOptions extends BroadcastFlags {
  readonly wsPreEncodedFrame?: Buffer[];
}

/** One connection: it carries the client's sockets in all namespaces. */
export class Client implements EngineSocketHandler, PacketReaderHost, AckDebtor, ReachableClient {
  readonly server: Server;
  readonly conn: EngineSocket;
  /** Revision of the Socket.IO protocol that the client speaks. @internal */
  readonly revision: SocketRevision;
  readonly #reader: PacketReader;
  readonly #sockets = new ClientSockets();
  /** Namespaces that the client has asked for and waits for. */
  #resolving: Set<string> | undefined;
  #connectDeadline: Deadline | undefined;
  #connectRate: RateLimit | undefined;
  #eventRate: RateLimit | undefined;

  constructor(server: Server, conn: EngineSocket) {
    this.server = server;
    this.conn = conn;
    this.revision = server.revisionOf(conn.protocol);
    const onPacket = (packet: Packet): void => {
      this.#onPacket(packet);
    };
    this.#reader = this.revision.createReader(server.parser, server.limits, onPacket, this);
    this.#connectDeadline = server.deadlines.add(server.connectTimeout(), () => {
      this.close();
    });
    // Later: the engine has yet to learn who hears of what happens to the connection.
    if (this.revision.joinsMainNamespace) process.nextTick(() => this.#joinMainNamespace());
  }

  /** Id of the connection; secret, unlike the ids of its sockets. */
  get id(): string {
    return this.conn.id;
  }

  /** The request that opened the connection. */
  get request(): IncomingMessage {
    return this.conn.request;
  }

  /** Whether the client is so far behind that emits to it must fail (`bufferPolicy: "error"`). */
  get refusesMore(): boolean {
    return this.server.opts.bufferPolicy === "error" && this.conn.full;
  }

  /** Whether the client is so far behind that what is sent to it is dropped. @internal */
  get drops(): boolean {
    // Without a policy the connection ends, instead.
    return this.server.opts.bufferPolicy !== undefined && this.conn.full;
  }

  /** @internal */
  get maxPendingAcks(): number {
    return this.server.limits.maxPendingAcks;
  }

  /** @internal */
  get deadlines(): Deadlines {
    return this.server.deadlines;
  }

  /** @internal */
  get reviver(): JsonTransform | undefined {
    return this.server.opts.reviver;
  }

  /** @throws whatever the encoder throws for data that cannot be encoded; nothing is sent then. */
  packet(packet: Packet, flags: BroadcastFlags = {}): void {
    this.writeToEngine(this.server.encoder.encode(packet), flags);
  }

  /** Sends a packet of the protocol's own; one that the user's parser cannot write ends the connection. @internal */
  control(packet: Packet): void {
    try {
      this.packet(packet);
    } catch (error) {
      this.server.logger.error("a packet of the protocol cannot be encoded", { namespace: packet.nsp, error });
      this.close();
    }
  }

  /** Writes the parts of one encoded packet; adapters call it for broadcasts. @internal */
  writeToEngine(encoded: readonly (string | Buffer)[], options: WriteOptions): void {
    if (options.volatile === true && !this.conn.transport.writable) return;
    // Whole packets only: attachments without their header, or the reverse, would end the connection.
    if (this.drops) return;
    for (const part of encoded) this.conn.write(typeof part === "string" ? part : toBuffer(part), options);
  }

  /** Leaves all namespaces, then ends the connection. */
  disconnect(): void {
    for (const socket of this.#sockets.list()) socket.disconnect();
    this.close();
  }

  /** Ends the connection; the sockets that are left hear "forced close". */
  close(): void {
    if (this.conn.readyState !== "open") return;
    this.conn.close();
    this.onClose("forced close");
  }

  onMessage(data: MessageData): void {
    try {
      this.#reader.read(data);
    } catch (error) {
      if (SocketError.is(error)) this.onBadPacket(error);
      else throw error;
    }
  }

  onClose(reason: EngineCloseReason, description?: unknown): void {
    this.#connectDeadline?.cancel();
    for (const socket of this.#sockets.list()) socket.onClose(reason, description);
    this.#reader.destroy();
  }

  onDrain(): void {
    // Nothing waits here: what the connection cannot take is queued there.
  }

  /** @internal */
  accepts(namespace: string): boolean {
    return this.#sockets.get(namespace) !== undefined;
  }

  /** @internal */
  onTooManyAcks(error: SocketError): void {
    this.server.logger.warn("a client does not acknowledge: the oldest of what it owes is given up", { error });
  }

  /** The client broke the protocol: all its sockets are told, and the connection ends. @internal */
  onBadPacket(error: SocketError): void {
    for (const socket of this.#sockets.list()) socket.onError(error);
    this.close();
  }

  /** @internal */
  onSocketGone(socket: Socket): void {
    this.#sockets.remove(socket);
  }

  #joinMainNamespace(): void {
    if (this.conn.readyState !== "open") return;
    try {
      this.#connect({ type: PacketType.CONNECT, nsp: "/" }, this.#sockets.get("/"));
    } catch (error) {
      this.server.logger.error("a client could not be let in", { error });
    }
  }

  #onPacket(packet: Packet): void {
    const socket = this.#sockets.get(packet.nsp);
    if (packet.type === PacketType.CONNECT) this.#connect(packet, socket);
    else if (socket === undefined) this.close();
    else if (packet.type !== PacketType.EVENT || this.#mayEmit(packet.nsp)) socket.onPacket(packet);
  }

  /** Events beyond `maxEventsPerSecond` are dropped; as many again, and the connection ends. */
  #mayEmit(namespace: string): boolean {
    const { maxEventsPerSecond: limit } = this.server.limits;
    if (limit === undefined) return true;
    const left = (this.#eventRate ??= new RateLimit(limit, this.server.clock)).take();
    if (left >= 0) return true;
    // Once for each time that the rate is exceeded: a flood must not become one of the log.
    if (left >= -1) this.server.logger.warn("events of a client are dropped", { namespace, maxEventsPerSecond: limit });
    else if (left < -limit) this.#exceed("maxEventsPerSecond", limit);
    return false;
  }

  #mayConnect(): boolean {
    const { maxConnectsPerSecond: rate, maxNamespacesPerConnection: count } = this.server.limits;
    this.#connectRate ??= new RateLimit(rate, this.server.clock);
    const isTooOften = this.#connectRate.take() < 0;
    const isTooMany = this.#sockets.size + (this.#resolving?.size ?? 0) >= count;
    if (isTooOften) this.#exceed("maxConnectsPerSecond", rate);
    else if (isTooMany) this.#exceed("maxNamespacesPerConnection", count);
    return !isTooOften && !isTooMany;
  }

  #exceed(option: string, limit: number): void {
    this.onBadPacket(new SocketError("SOCKET_LIMIT", { values: { option, limit } }));
  }

  #connect({ nsp: name, data: auth }: Packet, present: Socket | undefined): void {
    // One connection attempt a namespace at a time: no genuine client makes a second.
    if (present !== undefined || this.#resolving?.has(name) === true) {
      this.close();
      return;
    }
    if (!this.#mayConnect()) return;
    const details = (auth ?? {}) as Record<string, unknown>;
    (this.#resolving ??= new Set()).add(name);
    this.server.resolveNamespace(name, details, (namespace) => {
      this.#onResolved(name);
      if (this.conn.readyState !== "open") return;
      if (namespace === undefined) this.#refuse(name);
      else this.#admit(namespace, details);
    });
  }

  #onResolved(name: string): void {
    this.#resolving?.delete(name);
    if (this.#resolving?.size === 0) this.#resolving = undefined;
  }

  #refuse(name: string): void {
    this.control({ type: PacketType.CONNECT_ERROR, nsp: name, data: { message: "Invalid namespace" } });
  }

  #admit(namespace: Namespace, auth: Record<string, unknown>): void {
    const { name, recovery } = namespace;
    if (recovery === undefined || !this.revision.recovers) {
      this.#enter(namespace, namespace.createSocket(this, auth));
      return;
    }
    (this.#resolving ??= new Set()).add(name);
    recovery.begin(auth, (session) => {
      this.#onResolved(name);
      this.#enter(namespace, namespace.createSocket(this, auth, session));
    });
  }

  #enter(namespace: Namespace, socket: Socket): void {
    if (this.conn.readyState !== "open") {
      socket.onClose("transport close");
      return;
    }
    this.#sockets.add(socket);
    namespace.admit(socket, () => {
      this.#connectDeadline?.cancel();
      this.#connectDeadline = undefined;
    });
  }
}
