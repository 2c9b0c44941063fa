import type { Adapter, BroadcastFlags as AdapterFlags } from "socket.io-adapter";
import { AckTimeoutError, SocketError } from "./errors.js";
import type {
  AllButLast,
  DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
} from "./event-types.js";
import type { Deadlines } from "../common/index.js";
import { isReservedEvent, PacketType } from "./packet.js";
import { toRooms, type Room } from "./room.js";

export type BroadcastFlags = AdapterFlags;

/** What broadcasts need from their namespace. */
export interface BroadcastContext {
  readonly adapter: Adapter;
  readonly deadlines: Deadlines;
}

/**
 * Emits to many sockets: those in any of `rooms` (all, when empty) except those in `except`. A value: each modifier
 * returns a new operator, so one can be kept and used again.
 */
export class BroadcastOperator<EmitEvents extends EventsMap, SocketData = unknown> {
  readonly #context: BroadcastContext;
  readonly #rooms: ReadonlySet<Room>;
  readonly #except: ReadonlySet<Room>;
  readonly #flags: BroadcastFlags;
  /** Carries the type of `socket.data` of the receivers. */
  declare readonly socketData?: SocketData;

  constructor(
    context: BroadcastContext,
    rooms: ReadonlySet<Room> = new Set(),
    except: ReadonlySet<Room> = new Set(),
    flags: BroadcastFlags = {},
  ) {
    this.#context = context;
    this.#rooms = rooms;
    this.#except = except;
    this.#flags = flags;
  }

  /** Adds receivers: each socket gets the packet once, however many of the rooms it is in. */
  to(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    const rooms = new Set([...this.#rooms, ...toRooms(room)]);
    return new BroadcastOperator(this.#context, rooms, this.#except, this.#flags);
  }

  /** The same as `to`. */
  in(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.to(room);
  }

  /** Leaves out the sockets in these rooms. */
  except(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    const except = new Set([...this.#except, ...toRooms(room)]);
    return new BroadcastOperator(this.#context, this.#rooms, except, this.#flags);
  }

  /** Whether the packet may be compressed. */
  compress(compress: boolean): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ compress });
  }

  /** Drops the packet for receivers that cannot take it at once. */
  get volatile(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ volatile: true });
  }

  /** Reaches the sockets of this server only. */
  get local(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ local: true });
  }

  /** Time the receivers have to acknowledge, in milliseconds. */
  timeout(
    timeoutMs: number,
  ): BroadcastOperator<DecorateAcknowledgementsWithTimeoutAndMultipleResponses<EmitEvents>, SocketData> {
    return this.#with({ timeout: timeoutMs });
  }

  /**
   * Emits. A function as last argument is called with `(error, responses)` when all receivers have acknowledged or the
   * timeout is over; `responses` holds the first argument of each answer so far.
   *
   * @throws SocketError `SOCKET_RESERVED_EVENT`
   */
  emit<Name extends EventNames<EmitEvents>>(event: Name, ...args: EventParams<EmitEvents, Name>): true {
    if (isReservedEvent(event)) throw new SocketError("SOCKET_RESERVED_EVENT", { values: { event } });
    const data: unknown[] = [event, ...(args as unknown[])];
    const ack = data.at(-1);
    if (typeof ack === "function") {
      data.pop();
      this.#emitWithAck(data, ack as BroadcastAck);
    } else {
      this.#context.adapter.broadcast({ type: PacketType.EVENT, data }, this.#receivers());
    }
    return true;
  }

  /**
   * Emits and waits for the acknowledgements.
   *
   * @returns the first argument of each answer, in the order they came.
   * @throws AckTimeoutError with the answers so far in `.responses`.
   */
  async emitWithAck<Name extends EventNamesWithAck<EmitEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<EmitEvents, Name>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Name>>>> {
    return new Promise((resolve, reject) => {
      const ack: BroadcastAck = (error, responses) => {
        if (error === null) resolve(responses as never);
        else reject(Object.assign(error, { responses }));
      };
      this.emit(event, ...([...(args as unknown[]), ack] as never));
    });
  }

  /** Lets the sockets join rooms. */
  socketsJoin(room: Room | Room[]): void {
    this.#context.adapter.addSockets(this.#receivers(), toRooms(room));
  }

  /** Lets the sockets leave rooms. */
  socketsLeave(room: Room | Room[]): void {
    this.#context.adapter.delSockets(this.#receivers(), toRooms(room));
  }

  /** Disconnects the sockets; with `close` their connections too. */
  disconnectSockets(close = false): void {
    this.#context.adapter.disconnectSockets(this.#receivers(), close);
  }

  #with(flags: BroadcastFlags): BroadcastOperator<EmitEvents, SocketData> {
    return new BroadcastOperator(this.#context, this.#rooms, this.#except, { ...this.#flags, ...flags });
  }

  #receivers(): { rooms: Set<Room>; except: Set<Room>; flags: BroadcastFlags } {
    return { rooms: new Set(this.#rooms), except: new Set(this.#except), flags: this.#flags };
  }

  #emitWithAck(data: unknown[], ack: BroadcastAck): void {
    const collector = new AckCollector(ack);
    const { timeout } = this.#flags;
    if (timeout !== undefined) collector.expireAfter(timeout, this.#context.deadlines);
    this.#context.adapter.broadcastWithAck(
      { type: PacketType.EVENT, data },
      this.#receivers(),
      (clientCount) => {
        collector.expect(clientCount);
      },
      (response: unknown) => {
        collector.add(response);
      },
    );
    // Other servers report how many clients they have; without a cluster adapter this is the only one.
    void this.#context.adapter.serverCount().then((count) => {
      collector.expectServers(this.#flags.local === true ? 1 : count);
    });
  }
}

type BroadcastAck = (error: Error | null, responses: unknown[]) => void;

/** Counts the answers to one broadcast and reports once. */
class AckCollector {
  readonly #report: BroadcastAck;
  readonly #responses: unknown[] = [];
  #servers = -1;
  #reportedServers = 0;
  #clients = 0;
  #deadline: { cancel(): void } | undefined;
  #done = false;

  constructor(report: BroadcastAck) {
    this.#report = report;
  }

  expireAfter(timeoutMs: number, deadlines: Deadlines): void {
    this.#deadline = deadlines.add(timeoutMs, () => {
      this.#finish(new AckTimeoutError());
    });
  }

  /** One more server has sent to this many clients. */
  expect(clients: number): void {
    this.#clients += clients;
    this.#reportedServers += 1;
    this.#check();
  }

  expectServers(servers: number): void {
    this.#servers = servers;
    this.#check();
  }

  add(response: unknown): void {
    this.#responses.push(response);
    this.#check();
  }

  #check(): void {
    if (this.#servers === this.#reportedServers && this.#responses.length === this.#clients) this.#finish(null);
  }

  #finish(error: Error | null): void {
    if (this.#done) return;
    this.#done = true;
    this.#deadline?.cancel();
    this.#report(error, this.#responses);
  }
}
