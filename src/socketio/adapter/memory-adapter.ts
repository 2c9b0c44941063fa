import { Adapter, type BroadcastOptions, type Session } from "socket.io-adapter";
import type { Logger } from "../../common/index.js";
import type { Namespace } from "../namespace.js";
import type { Room } from "../room.js";
import type { Socket } from "../socket.js";
import { deliver } from "../typed-emitter.js";
import { SetIndex } from "./set-index.js";

type Overridden = "emit" | "addAll" | "del" | "delAll" | "broadcast" | "persistSession" | "restoreSession";

/** socket.io-adapter's class, with the method by which all others find their sockets; its types make that one private. */
interface OpenAdapter extends Omit<Pick<Adapter, keyof Adapter>, Overridden> {
  emit(event: string, ...args: unknown[]): boolean;
  addAll(id: string, rooms: Set<Room>): void;
  del(id: string, room: Room): void;
  delAll(id: string): void;
  broadcast(packet: unknown, options: BroadcastOptions): void;
  persistSession(session: Omit<Session, "missedPackets">): void;
  restoreSession(pid: string, offset: string): Promise<Session>;
  apply(options: BroadcastOptions, callback: (socket: Socket) => void): void;
}

const OpenAdapter = Adapter as unknown as new (namespace: Namespace) => OpenAdapter;

/**
 * The adapter of servers that stand alone: rooms live in this process. It is socket.io-adapter's in all that can be seen;
 * it holds less per socket and finds the receivers of a broadcast faster (bench scenarios memory, broadcast-8, rooms).
 */
export class MemoryAdapter extends OpenAdapter {
  override readonly rooms = new SetIndex();
  override readonly sids = new SetIndex();
  readonly #sockets: ReadonlyMap<string, Socket>;
  readonly #logger: Logger;

  constructor(namespace: Namespace) {
    super(namespace);
    this.#sockets = namespace.sockets;
    this.#logger = namespace.logger;
  }

  /** Listeners are users': one that throws must not leave half a socket behind. */
  override emit(event: string, ...args: unknown[]): boolean {
    return deliver(this, event, args, this.#logger);
  }

  override addAll(id: string, rooms: Set<Room>): void {
    if (rooms.size === 0 && !this.sids.has(id)) this.sids.set(id, new Set());
    for (const room of rooms) {
      this.sids.add(id, room);
      if (!this.rooms.has(room) && this.listenerCount("create-room") > 0) this.#announce(room);
      if (this.rooms.add(room, id)) this.emit("join-room", room, id);
    }
  }

  override del(id: string, room: Room): void {
    this.sids.remove(id, room);
    this.#leave(id, room);
  }

  override delAll(id: string): void {
    for (const room of this.sids.valuesOf(id)) this.#leave(id, room);
    this.sids.delete(id);
  }

  /** Calls back for each receiver, once. */
  override apply({ rooms, except }: BroadcastOptions, callback: (socket: Socket) => void): void {
    const excluded = except === undefined || except.size === 0 ? undefined : this.#membersOf(except);
    if (rooms.size === 0) {
      for (const socket of this.#sockets.values()) if (excluded?.has(socket.id) !== true) callback(socket);
    } else if (rooms.size === 1 && excluded === undefined) {
      for (const room of rooms) this.#applyTo(this.rooms.valuesOf(room), callback);
    } else {
      this.#applyTo(this.#membersOf(rooms), callback, excluded);
    }
  }

  #applyTo(ids: Iterable<string>, callback: (socket: Socket) => void, excluded?: ReadonlySet<string>): void {
    for (const id of ids) {
      if (excluded?.has(id) === true) continue;
      const socket = this.#sockets.get(id);
      if (socket !== undefined) callback(socket);
    }
  }

  #membersOf(rooms: ReadonlySet<Room>): Set<string> {
    const members = new Set<string>();
    for (const room of rooms) for (const id of this.rooms.valuesOf(room)) members.add(id);
    return members;
  }

  /** Listeners find a new room there and still empty. */
  #announce(room: Room): void {
    this.rooms.set(room, new Set());
    this.emit("create-room", room);
  }

  #leave(id: string, room: Room): void {
    if (!this.rooms.remove(room, id)) return;
    this.emit("leave-room", room, id);
    if (this.rooms.get(room)?.size === 0 && this.rooms.delete(room)) this.emit("delete-room", room);
  }
}
