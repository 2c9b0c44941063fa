import type { Deadline } from "../common/index.js";
import type {
  EngineCloseReason,
  EngineRequest,
  EngineSocket,
  EngineSocketHandler,
  MessageData,
} from "../engineio/index.js";
import type { BroadcastFlags } from "./broadcast-operator.js";
import { SocketError } from "./errors.js";
import type { Namespace } from "./namespace.js";
import { PacketType, type Packet } from "./packet.js";
import { createPacketReader, type PacketReader } from "./parser/reader.js";
import { toBuffer } from "./parser/binary.js";
import type { Server } from "./server.js";
import type { Socket } from "./socket.js";

/** How encoded packets are written; one object is shared by all receivers of a broadcast. */
export interface WriteOptions extends BroadcastFlags {
  readonly wsPreEncodedFrame?: Buffer[];
}

/** One connection: it carries the client's sockets in all namespaces. */
export class Client implements EngineSocketHandler {
  readonly server: Server;
  readonly conn: EngineSocket;
  readonly #reader: PacketReader;
  readonly #sockets = new Map<string, Socket>();
  readonly #resolving = new Set<string>();
  #connectDeadline: Deadline | undefined;

  constructor(server: Server, conn: EngineSocket) {
    this.server = server;
    this.conn = conn;
    this.#reader = createPacketReader(server.parser, server.limits, (packet) => {
      this.#onPacket(packet);
    });
    this.#connectDeadline = server.deadlines.add(server.connectTimeout(), () => {
      this.close();
    });
  }

  /** Id of the connection; secret, unlike the ids of its sockets. */
  get id(): string {
    return this.conn.id;
  }

  /** The request that opened the connection. */
  get request(): EngineRequest {
    return this.conn.request;
  }

  /** Whether the client is so far behind that emits to it must fail (`bufferPolicy: "error"`). */
  get refusesMore(): boolean {
    return this.server.opts.bufferPolicy === "error" && this.conn.full;
  }

  /** @throws whatever the encoder throws for data that cannot be encoded; nothing is sent then. */
  packet(packet: Packet, flags: BroadcastFlags = {}): void {
    this.writeToEngine(this.server.encoder.encode(packet), flags);
  }

  /** Writes the parts of one encoded packet; adapters call it for broadcasts. @internal */
  writeToEngine(encoded: readonly (string | Buffer)[], options: WriteOptions): void {
    if (options.volatile === true && !this.conn.transport.writable) return;
    // Whole packets only: attachments without their header, or the reverse, would end the connection.
    if (this.server.opts.bufferPolicy !== undefined && this.conn.full) return;
    for (const part of encoded) this.conn.write(typeof part === "string" ? part : toBuffer(part), options);
  }

  /** Leaves all namespaces, then ends the connection. */
  disconnect(): void {
    for (const socket of [...this.#sockets.values()]) socket.disconnect();
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
    for (const socket of [...this.#sockets.values()]) socket.onClose(reason, description);
    this.#reader.destroy();
  }

  onDrain(): void {
    // Nothing waits here: what the connection cannot take is queued there.
  }

  /** The client broke the protocol: all its sockets are told, and the connection ends. @internal */
  onBadPacket(error: SocketError): void {
    for (const socket of [...this.#sockets.values()]) socket.onError(error);
    this.close();
  }

  /** @internal */
  onSocketGone(socket: Socket): void {
    if (this.#sockets.get(socket.nsp.name) === socket) this.#sockets.delete(socket.nsp.name);
  }

  #onPacket(packet: Packet): void {
    const socket = this.#sockets.get(packet.nsp);
    if (packet.type === PacketType.CONNECT) this.#connect(packet, socket);
    else if (socket === undefined) this.close();
    else socket.onPacket(packet);
  }

  #connect({ nsp: name, data: auth }: Packet, present: Socket | undefined): void {
    // One connection attempt a namespace at a time: no genuine client makes a second.
    if (present !== undefined || this.#resolving.has(name)) {
      this.close();
      return;
    }
    const details = (auth ?? {}) as Record<string, unknown>;
    this.#resolving.add(name);
    this.server.resolveNamespace(name, details, (namespace) => {
      this.#resolving.delete(name);
      if (this.conn.readyState !== "open") return;
      if (namespace === undefined) this.#refuse(name);
      else this.#admit(namespace, details);
    });
  }

  #refuse(name: string): void {
    this.packet({ type: PacketType.CONNECT_ERROR, nsp: name, data: { message: "Invalid namespace" } });
  }

  #admit(namespace: Namespace, auth: Record<string, unknown>): void {
    const socket = namespace.createSocket(this, auth);
    this.#sockets.set(namespace.name, socket);
    namespace.admit(socket, () => {
      this.#connectDeadline?.cancel();
      this.#connectDeadline = undefined;
    });
  }
}
