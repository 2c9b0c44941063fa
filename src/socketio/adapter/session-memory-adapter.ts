import type { BroadcastOptions, Session } from "socket.io-adapter";
import type { WriteOptions } from "../client.js";
import type { Namespace } from "../namespace.js";
import { PacketType, type Packet } from "../packet.js";
import { DeliveryHistory } from "../recovery/delivery-history.js";
import type { EncodedPacket, LogEntry } from "../recovery/packet-log.js";
import type { RecoveryMemory } from "../recovery/recovery-memory.js";
import type { KeptSession } from "../recovery/session-store.js";
import type { Room } from "../room.js";
import { MemoryAdapter } from "./memory-adapter.js";

/** A session whose client has come back, and the number of the packet after which it may have missed some. */
export interface TakenSession extends KeptSession {
  readonly position: number;
}

/** The first half of `broadcast`; the package's types hide it. */
interface PacketWriter {
  _encode(packet: Packet, options: WriteOptions): EncodedPacket;
}

/**
 * The in-memory adapter of servers with connection state recovery: it logs the events that ask for no acknowledgement
 * and are not volatile, and finds out which of them a client has missed. A client that has received none gives no
 * offset; what it may have missed begins where it connected.
 */
export class SessionMemoryAdapter extends MemoryAdapter {
  readonly #namespace: Namespace;
  readonly #memory: RecoveryMemory;
  /** Of the sockets that are connected. */
  readonly #histories = new Map<string, DeliveryHistory>();

  constructor(namespace: Namespace) {
    super(namespace);
    this.#namespace = namespace;
    this.#memory = namespace.server.recoveryMemory;
  }

  /** Whether clients that are away may come back. */
  get awaitsClients(): boolean {
    return this.#memory.sessions.has(this);
  }

  override addAll(id: string, rooms: Set<Room>): void {
    const history = this.#histories.get(id);
    if (history !== undefined) {
      const present = this.socketRooms(id);
      for (const room of rooms) if (present?.has(room) !== true) history.recordJoin(room, this.#memory.log.position);
    }
    super.addAll(id, rooms);
  }

  override del(id: string, room: Room): void {
    const isMember = this.socketRooms(id)?.has(room) === true;
    if (isMember) this.#histories.get(id)?.recordLeave(room, this.#memory.log.position);
    super.del(id, room);
  }

  override delAll(id: string): void {
    this.#histories.delete(id);
    super.delAll(id);
  }

  override broadcast(packet: Packet, options: BroadcastOptions): void {
    if (this.#canBeMissed(packet, options)) this.#broadcastLogged(packet, options);
    else super.broadcast(packet, options);
  }

  override persistSession({ sid, pid, rooms, data }: Omit<Session, "missedPackets">): void {
    const leftAt = this.#memory.log.position;
    // Of a socket that was not let in here, anything may be under way.
    const history = this.#histories.get(sid) ?? new DeliveryHistory(0, leftAt);
    this.#memory.keep({ owner: this, sid, pid, rooms, data, history, leftAt });
  }

  override async restoreSession(pid: string, offset?: string): Promise<Session> {
    const session = this.takeSession(pid, offset);
    // Null for "no such session": the contract's callers know, its type does not.
    if (session === undefined) return null as unknown as Session;
    const { sid, rooms, data } = session;
    const missedPackets = this.#missedBy(session).map(({ encoded }) => this.#decode(encoded));
    return Promise.resolve({ sid, pid, rooms: [...rooms], data, missedPackets });
  }

  /** Gives a session out, once; nothing when it is unknown, too old, or when packets after the offset have been dropped. */
  takeSession(pid: string, offset: string | undefined): TakenSession | undefined {
    const session = this.#memory.sessions.take(this, pid);
    if (session === undefined) return undefined;
    const known = offset === undefined ? 0 : this.#memory.log.positionOf(offset);
    if (known === undefined) return undefined;
    // An offset from before this session: the client has received nothing in it.
    const received = Math.max(known, session.history.since);
    // Who has received everything sent to it can have missed only what came after it had gone.
    const position = received < session.history.lastSent ? received : Math.max(received, session.leftAt);
    const taken = { ...session, position };
    return this.#isWithinReach(taken) ? taken : undefined;
  }

  /** Takes a session back that was given out and could not be used. */
  returnSession(session: TakenSession): void {
    this.#memory.keep(session);
  }

  /**
   * A socket is let in: from here on it is known what it misses.
   *
   * @param session - that it goes on with, if any.
   * @returns what it has missed until now, to be sent before anything else; undefined when that cannot be told any more.
   */
  openSession(id: string, session?: TakenSession): readonly EncodedPacket[] | undefined {
    const { log } = this.#memory;
    if (session === undefined) {
      this.#histories.set(id, new DeliveryHistory(log.position));
      return [];
    }
    if (!this.#isWithinReach(session)) return undefined;
    const { history } = session;
    const missed = this.#missedBy(session);
    history.lastSent = missed.at(-1)?.position ?? history.lastSent;
    this.#histories.set(id, history);
    this.#recordChanges(session);
    return missed.map(({ encoded }) => encoded);
  }

  /** Without anybody who is here, is being let in or may come back, a packet reaches nobody. */
  #canBeMissed({ type, id }: Packet, { flags }: BroadcastOptions): boolean {
    if (type !== PacketType.EVENT || id !== undefined || flags?.volatile === true) return false;
    return this.sids.size > 0 || this.awaitsClients;
  }

  #broadcastLogged(packet: Packet, options: BroadcastOptions): void {
    const { log } = this.#memory;
    const namespace = this.#namespace.name;
    const data = [...(packet.data as unknown[]), log.nextOffset()];
    const writeOptions: WriteOptions = { compress: options.flags?.compress };
    const encoded = (this as unknown as PacketWriter)._encode({ ...packet, nsp: namespace, data }, writeOptions);
    // Before it is sent: what listeners of outgoing events emit then comes after it.
    const rooms = [...options.rooms];
    const position = log.append({ namespace, encoded, rooms, except: [...(options.except ?? [])] });
    this.#memory.cleanLater();
    this.apply(options, (socket) => {
      const history = this.#histories.get(socket.id);
      if (history !== undefined) history.lastSent = position;
      socket.notifyOutgoingListeners(packet);
      socket.client.writeToEngine(encoded, writeOptions);
    });
  }

  #isWithinReach({ position, history }: TakenSession): boolean {
    return history.covers(position) && this.#memory.log.reaches(position);
  }

  #missedBy({ rooms, history, position }: TakenSession): LogEntry[] {
    const { log } = this.#memory;
    const roomsAt = history.lookBack(rooms);
    const missed: LogEntry[] = [];
    for (let number = log.position; number > position; number -= 1) {
      const packet = log.at(number);
      if (packet?.namespace === this.#namespace.name && isFor(packet, roomsAt(number))) missed.push(packet);
    }
    return missed.reverse();
  }

  /** What middlewares have changed of the rooms that the socket came back with. */
  #recordChanges({ sid, rooms, history }: TakenSession): void {
    const { position } = this.#memory.log;
    const before = new Set(rooms);
    const now = this.socketRooms(sid) ?? new Set<Room>();
    for (const room of now) if (!before.has(room)) history.recordJoin(room, position);
    for (const room of before) if (!now.has(room)) history.recordLeave(room, position);
  }

  #decode(encoded: EncodedPacket): unknown[] {
    const decoder = new this.#namespace.server.parser.Decoder();
    let data: unknown;
    decoder.on("decoded", (packet) => {
      data = packet.data;
    });
    for (const part of encoded) decoder.add(part);
    return data as unknown[];
  }
}

/** The same choice that a broadcast makes among the sockets that are there. */
function isFor({ rooms, except }: LogEntry, member: ReadonlySet<Room>): boolean {
  const isIncluded = rooms.length === 0 || rooms.some((room) => member.has(room));
  return isIncluded && !except.some((room) => member.has(room));
}
