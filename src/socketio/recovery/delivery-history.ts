import type { Room } from "../room.js";

interface RoomChange {
  readonly room: Room;
  readonly joined: boolean;
  /** Number of the newest packet at that time. */
  readonly position: number;
}

/** Changes of rooms that are remembered; which of the packets before the oldest were for the socket is then forgotten. */
const MAX_CHANGES = 500;

/**
 * What one socket may have received: since when it is here, the newest packet that was sent to it, and in which rooms it
 * was when. What was sent to a room before it joined is none of its business; what was sent to one that it has left
 * since may be on its way still when the connection breaks.
 */
export class DeliveryHistory {
  /** Number of the newest packet when the socket was let in. */
  readonly since: number;
  /** Number of the newest packet that was sent to it. */
  lastSent: number;
  readonly #changes: RoomChange[] = [];
  #knownFrom: number;

  constructor(since: number, lastSent = since) {
    this.since = since;
    this.lastSent = lastSent;
    this.#knownFrom = since;
  }

  /** Whether it is known which packets after `position` were for the socket. */
  covers(position: number): boolean {
    return position >= this.#knownFrom;
  }

  recordJoin(room: Room, position: number): void {
    this.#record({ room, joined: true, position });
  }

  recordLeave(room: Room, position: number): void {
    this.#record({ room, joined: false, position });
  }

  /**
   * Looks back from now.
   *
   * @param rooms - in which the socket is now.
   * @returns a function that tells in which it was when the packet of a number was sent; the numbers must descend.
   */
  lookBack(rooms: Iterable<Room>): (position: number) => ReadonlySet<Room> {
    const then = new Set(rooms);
    let next = this.#changes.length - 1;
    return (position) => {
      for (let change = this.#changes[next]; change !== undefined; change = this.#changes[--next]) {
        if (change.position < position) break;
        if (change.joined) then.delete(change.room);
        else then.add(change.room);
      }
      return then;
    };
  }

  #record(change: RoomChange): void {
    // Nothing that can be missed came before: whoever joins rooms when it connects costs nothing here.
    if (change.position <= this.since) return;
    this.#changes.push(change);
    if (this.#changes.length <= MAX_CHANGES) return;
    const oldest = this.#changes.shift();
    if (oldest !== undefined) this.#knownFrom = oldest.position;
  }
}
