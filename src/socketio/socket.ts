import type { IncomingMessage } from "node:http";
import type { EngineRequest, EngineSocket } from "../engineio/index.js";
import type { ReachableSocket } from "./adapter/contract.js";
import { logFailure } from "./adapter/late-failure.js";
import { addTimedAck, PendingAcks, type AckCallback } from "./ack.js";
import { AckCollector } from "./ack-collector.js";
import { BroadcastOperator, type BroadcastFlags } from "./broadcast-operator.js";
import type { Client } from "./client.js";
import { announceDeparture, callDepartureHandler, goneSilently } from "./departure.js";
import type { DisconnectReason } from "./disconnect-reason.js";
import type { AckReply } from "./dispatch.js";
import { EmittingSocket } from "./emitting-socket.js";
import { EncodeError, SendError, SocketError } from "./errors.js";
import type { DefaultEventsMap, EventsMap } from "./event-types.js";
import { createHandshake, type Handshake } from "./handshake.js";
import type { Namespace } from "./namespace.js";
import { isReservedEvent, PacketType, type Packet } from "./packet.js";
import type { SocketSession } from "./recovery/socket-session.js";
import { checkJoin, toRoom, toRooms, type Room } from "./room.js";
import type { Server } from "./server.js";
import type { SendModifiers } from "./socket-operator.js";
import { callListener } from "./typed-emitter.js";
import { Waiting, type HeldPacket } from "./waiting.js";

/** Events that the socket itself emits. */
export interface SocketReservedEvents {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- an Error or { description, context }, untyped as in socket.io
  disconnecting: (reason: DisconnectReason, description?: any) => void;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the same
  disconnect: (reason: DisconnectReason, description?: any) => void;
  error: (error: Error) => void;
}

/**
 * One client in one namespace.
 *
 * | state        | events from the client | `emit`                                |
 * |--------------|------------------------|---------------------------------------|
 * | connecting   | wait (bounded)         | leaves after CONNECT                  |
 * | connected    | dispatched             | leaves                                |
 * | disconnected | dropped                | dropped; who asked for an ack is told |
 *
 * With connection state recovery, what is emitted to a disconnected socket is kept while its client may come back.
 */
export class Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- socket.io's default: untyped until declared
  SocketData = any,
>
  extends EmittingSocket<ListenEvents, EmitEvents, SocketReservedEvents, SocketData>
  implements ReachableSocket
{
  readonly id: string;
  readonly nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  readonly client: Client;
  connected = false;
  /** Whether missed packets were delivered after a disconnection. */
  recovered = false;
  readonly #auth: Record<string, unknown> | undefined;
  readonly #issuedMs = Date.now();
  #handshake: Handshake | undefined;
  #data: SocketData | undefined;
  #acks: PendingAcks | undefined;
  #waiting: Waiting | undefined = new Waiting();
  #closed = false;
  #leaving = false;
  #departure = goneSilently;
  readonly #session: SocketSession | undefined;
  /** Disconnected, but the client may come back for what is emitted. */
  #isAwaited = false;

  constructor(
    nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    client: Client,
    auth: Record<string, unknown>,
    session?: SocketSession,
  ) {
    super();
    this.nsp = nsp;
    this.client = client;
    this.id = session?.restored?.sid ?? client.revision.createSocketId(client.id, nsp.name);
    this.#session = session;
    if (session !== undefined) this.#begin(session);
    this.#auth = Object.keys(auth).length === 0 ? undefined : auth;
  }

  /** Details of the connection at its beginning. */
  get handshake(): Handshake {
    return (this.#handshake ??= this.#describe());
  }

  /** Whatever the application keeps for this socket, empty at first; shared with the cluster where the adapter can. */
  get data(): SocketData {
    return (this.#data ??= {} as SocketData);
  }

  set data(data: SocketData) {
    this.#data = data;
  }

  get server(): Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    return this.nsp.server;
  }

  /** The connection below; shared with the client's sockets in other namespaces. */
  get conn(): EngineSocket {
    return this.client.conn;
  }

  /** The request that opened the connection. */
  get request(): IncomingMessage {
    return this.client.request;
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** Rooms the socket is in, its own id among them. */
  get rooms(): Set<Room> {
    return this.nsp.adapter.socketRooms(this.id) ?? new Set();
  }

  /** Acknowledgements the client owes; adapters add those of broadcasts. @internal */
  get acks(): PendingAcks {
    return (this.#acks ??= new PendingAcks(this.id, this.client));
  }

  /**
   * Joins rooms; ignored after the disconnect. Beyond `maxRoomsPerSocket` and `maxRoomLength` it joins none of them: that
   * is logged, and who awaits the join is told by a rejection with SocketError `SOCKET_LIMIT`.
   *
   * @throws SocketError `SOCKET_BAD_ROOM`
   */
  join(rooms: Room | Room[]): Promise<void> | void {
    const names = toRooms(rooms);
    if (this.#closed) return;
    const refusal = checkJoin(names, this);
    if (refusal !== undefined) return this.#refuseJoin(refusal);
    return this.nsp.adapter.addAll(this.id, new Set(names));
  }

  /** Not thrown: adapters let sockets join in the name of other servers, where a throw would end the process. */
  #refuseJoin(error: SocketError): Promise<void> {
    this.server.logger.warn("a socket may not join a room", { namespace: this.nsp.name, error });
    const refusal = Promise.reject(error);
    refusal.catch(() => undefined);
    return refusal;
  }

  /** Leaves rooms. @throws SocketError `SOCKET_BAD_ROOM` */
  leave(rooms: Room | Room[]): Promise<void> | void {
    const { adapter } = this.nsp;
    if (!Array.isArray(rooms)) return adapter.del(this.id, toRoom(rooms));
    const pending = toRooms(rooms).map(async (room) => adapter.del(this.id, room));
    return Promise.all(pending).then(() => undefined);
  }

  /** Leaves the namespace; with `close` the whole connection ends. Before it is let in: right after CONNECT. */
  disconnect(close = false): this {
    if (this.#leaving) return this;
    if (!this.connected) {
      if (this.#waiting !== undefined) this.#waiting.departure = { close };
    } else if (close) {
      this.client.disconnect();
    } else {
      this.client.control({ type: PacketType.DISCONNECT, nsp: this.nsp.name });
      this.onClose("server namespace disconnect");
    }
    return this;
  }

  /** @internal */
  override sendWith(flags: BroadcastFlags, event: string, args: unknown[]): boolean {
    checkEventName(event);
    const ack = args.at(-1);
    if (typeof ack !== "function") return this.#send({ flags, event, data: [event, ...args] });
    const outgoing = { flags, event, data: [event, ...args.slice(0, -1)], id: this.nsp.nextAckId() };
    // Sent first: what cannot be sent throws, and nobody waits for its answer.
    const isSent = this.#send(outgoing);
    const listener = this.nsp.dispatch.surroundings?.bind(ack as AckReply) ?? ack;
    this.#expectAck(outgoing, (...answer) => {
      callListener(listener, { emitter: this, event, args: answer, logger: this.server.logger });
    });
    return isSent;
  }

  /** @internal */
  override askWith({ flags, decode }: SendModifiers, event: string, args: unknown[]): AckCollector<unknown> {
    const id = this.nsp.nextAckId();
    const collector = new AckCollector<unknown>({
      deadlines: this.nsp.deadlines,
      timeoutMs: flags.timeout ?? this.nsp.ackTimeoutMs,
      decode: decode ?? ((value) => value),
      describeDrop: () => new SendError("SOCKET_BUFFER_FULL", event, args),
    });
    collector.expectServers(1);
    this.acks.set(id, collector.ack);
    this.#ask(collector, { flags, event, data: [event, ...args], id });
    collector.expectReceivers(1);
    return collector;
  }

  /** @internal */
  override broadcastWith(flags: BroadcastFlags): BroadcastOperator<EmitEvents, SocketData> {
    return new BroadcastOperator<EmitEvents, SocketData>(this.nsp, { except: new Set([this.id]), flags });
  }

  /** Tells listeners of every outgoing event; adapters call it for broadcasts. @internal */
  notifyOutgoingListeners(packet: Pick<Packet, "data">): void {
    this.outgoingAny?.notify(this, packet.data as unknown[], this.server.logger);
  }

  /**
   * The socket has been admitted: its client gets what it has missed while it was away.
   *
   * @returns false when that is not possible; the connection ends then, and the next one begins anew. @internal
   */
  catchUp(): boolean {
    if (this.#session?.open(this) !== false) return true;
    this.client.close();
    return false;
  }

  /** From here on the socket is in its namespace. @internal */
  onConnect(): void {
    const { outgoing = [], departure } = this.#waiting ?? {};
    this.connected = true;
    logFailure(() => this.nsp.adapter.addAll(this.id, new Set([this.id])), this.server.logger);
    const data = this.client.revision.connectData(this.id, this.#session?.pid);
    this.client.control({ type: PacketType.CONNECT, nsp: this.nsp.name, data });
    for (const held of outgoing) this.#sendHeld(held);
    if (departure !== undefined) this.disconnect(departure.close);
  }

  /** The listeners of "connection" are in place: what the client sent meanwhile is dispatched. @internal */
  releaseIncoming(): void {
    const incoming = this.#waiting?.incoming ?? [];
    this.#waiting = undefined;
    for (const packet of incoming) this.onPacket(packet);
  }

  /** @internal */
  onPacket(packet: Packet): void {
    if (this.#closed) return;
    if (this.#waiting === undefined) {
      this.#handle(packet);
    } else if (!this.#mayWait || !this.#waiting.hold(packet, this.server.limits.maxWaitingEvents)) {
      // No genuine client sends before CONNECT is answered; socket.io ends the connection as well.
      this.client.close();
    }
  }

  /** Idempotent. @internal */
  onClose(reason: DisconnectReason, description?: unknown): void {
    if (this.#closed || this.#leaving) return;
    const wasConnected = this.connected;
    const departure = { reason, description };
    // A listener of "disconnecting" may disconnect the socket once more.
    this.#leaving = true;
    if (wasConnected) announceDeparture(this, "disconnecting", departure);
    this.#isAwaited = this.#session?.leave(this, reason) ?? false;
    this.#closed = true;
    logFailure(() => this.nsp.adapter.delAll(this.id), this.server.logger);
    this.nsp.onSocketGone(this);
    this.client.onSocketGone(this);
    this.connected = false;
    this.#waiting = undefined;
    this.#departure = departure;
    this.#acks?.release();
    if (wasConnected) announceDeparture(this, "disconnect", departure);
  }

  /** The connect handler let the socket in after its client had left: what it prepared is for it to clear away. @internal */
  onAdmittedTooLate(): void {
    this.onClose("transport close");
    if (this.#mayWait) callDepartureHandler(this, "disconnect", this.#departure);
  }

  /** @internal */
  packet(packet: Packet, flags: BroadcastFlags = {}): void {
    if (this.connected) this.client.packet(packet, flags);
    // Encoded now: who emits what cannot be encoded has to hear of it, and later changes of the data do not count.
    else this.#waiting?.outgoing.push({ packet, encoded: this.server.encoder.encode(packet), flags });
  }

  /** Whether what the client sends meanwhile is kept: only a connect handler may take its time. */
  get #mayWait(): boolean {
    return this.nsp.dispatch.connect !== undefined;
  }

  /** Only when somebody asks: it would take as much memory as the socket itself (bench scenario memory). */
  #describe(): Handshake {
    const { conn, revision } = this.client;
    // An engine of another package knows the request alone.
    const origin = (conn.origin as EngineRequest | undefined) ?? conn.request;
    return revision.completeHandshake(createHandshake(origin, conn, this.#auth ?? {}, this.#issuedMs));
  }

  #begin(session: SocketSession): void {
    session.attach(this);
    const { restored } = session;
    if (restored === undefined) return;
    this.recovered = true;
    this.data = (restored.data ?? {}) as SocketData;
    logFailure(() => this.nsp.adapter.addAll(this.id, new Set(restored.rooms)), this.server.logger);
  }

  #send({ flags, event, data, id }: Outgoing): boolean {
    if (this.#closed && (id !== undefined || !this.#isAwaited)) return false;
    if (this.client.refusesMore && !this.#closed) throw new SendError("SOCKET_BUFFER_FULL", event, data.slice(1));
    const packet: Packet = { type: PacketType.EVENT, nsp: this.nsp.name, data };
    if (id !== undefined) packet.id = id;
    try {
      if (this.nsp.recovery === undefined) {
        this.notifyOutgoingListeners(packet);
        this.packet(packet, flags);
      } else this.#sendRecoverably(packet, flags);
    } catch (error) {
      throw new EncodeError(event, error, data.slice(1));
    }
    return true;
  }

  /** By way of the adapter, which keeps the packet for a client that is away and tells the listeners of what goes out. */
  #sendRecoverably(packet: Packet, flags: BroadcastFlags): void {
    if (this.connected || this.#closed) this.nsp.recovery?.send(this.id, packet, flags);
    else this.packet(packet, flags);
  }

  #sendHeld({ packet, encoded, flags }: HeldPacket): void {
    if (this.nsp.recovery === undefined) {
      this.client.writeToEngine(encoded, flags);
      return;
    }
    try {
      this.nsp.recovery.send(this.id, packet, flags);
    } catch (error) {
      this.server.logger.error("a held event cannot be encoded any more", { namespace: this.nsp.name, error });
    }
  }

  /** Sends what a collector waits for; a failure to send is the answer. */
  #ask(collector: AckCollector<unknown>, outgoing: Required<Outgoing>): void {
    try {
      checkEventName(outgoing.event);
      if (!this.#send(outgoing)) throw new SendError("SOCKET_CLOSED", outgoing.event, outgoing.data.slice(1));
    } catch (error) {
      this.#acks?.delete(outgoing.id);
      collector.ack.lost?.(this.id, error as Error);
    }
  }

  #expectAck({ id, flags, event, data }: Required<Outgoing>, call: AckCallback): void {
    const { timeout: timeoutMs } = flags;
    if (this.#closed) {
      if (timeoutMs !== undefined) call(new SendError("SOCKET_CLOSED", event, data.slice(1)));
    } else if (timeoutMs === undefined) this.acks.set(id, call);
    else addTimedAck(this.acks, { id, timeoutMs, deadlines: this.nsp.deadlines }, call);
  }

  #handle(packet: Packet): void {
    switch (packet.type) {
      case PacketType.EVENT:
        this.onEvent(packet.data as unknown[], packet.id);
        break;
      case PacketType.ACK:
        this.#onAck(packet);
        break;
      case PacketType.DISCONNECT:
        this.onClose("client namespace disconnect");
        break;
      default:
        this.client.onBadPacket(new SocketError("SOCKET_BAD_PACKET", { values: { detail: "unexpected packet type" } }));
    }
  }

  #onAck({ id, data }: Packet): void {
    if (id !== undefined) this.#acks?.settle(id, data as unknown[]);
  }
}

/** One event on its way out; `data` begins with its name. */
interface Outgoing {
  readonly flags: BroadcastFlags;
  readonly event: string;
  readonly data: unknown[];
  readonly id?: number;
}

function checkEventName(event: string): void {
  if (isReservedEvent(event)) throw new SocketError("SOCKET_RESERVED_EVENT", { values: { event } });
}
