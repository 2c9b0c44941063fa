/**
 * What packages of others find by name in a server: cluster adapters (through `socket.io-adapter`), the admin UI, sticky
 * sessions, NestJS. These members keep their names and meanings whatever else changes; nothing else in this layer begins
 * with `_`. The classes implement the interfaces, and test/third-party runs the packages.
 */
import type { Adapter } from "socket.io-adapter";
import type { WriteOptions } from "../client.js";
import type { Handshake } from "../handshake.js";
import type { Packet } from "../packet.js";
import type { PacketEncoder } from "../parser/reader.js";
import type { Room } from "../room.js";

/** @internal */
export interface ReachableServer {
  /** Taken by the constructor of every adapter: it is there before the first namespace is. */
  readonly encoder: PacketEncoder;
  /** Never undefined: cluster adapters look into it on each broadcast, sessions are stored for as long as it says. */
  readonly opts: { readonly connectionStateRecovery?: { readonly maxDisconnectionDuration?: number } };
  /** By name, "/" among them; the admin UI counts their sockets and listens to them. */
  readonly _nsps: ReadonlyMap<string, ReachableNamespace>;
  /** The admin UI and sticky sessions hear of connections here, maybe before the server is attached. */
  readonly engine: {
    readonly clientsCount: number;
    on(event: "connection", listener: (conn: unknown) => void): unknown;
  };
  /** Sticky sessions prepend a listener of "request", and emit "connection" with sockets of their own making. */
  readonly httpServer: object | undefined;
  fetchSockets(): Promise<unknown[]>;
  socketsJoin(room: Room | Room[]): void;
  socketsLeave(room: Room | Room[]): void;
  disconnectSockets(close?: boolean): void;
}

/** @internal */
export interface ReachableNamespace {
  readonly name: string;
  readonly server: ReachableServer;
  readonly adapter: Adapter;
  /** Connected sockets only: adapters find the receivers of broadcasts here. */
  readonly sockets: ReadonlyMap<string, ReachableSocket>;
  /** Counts acknowledgement ids; adapters take one for all receivers of a broadcast. */
  _ids: number;
  /** Another server has emitted; a function as last argument takes the answer. */
  _onServerSideEmit(args: [string, ...unknown[]]): void;
}

/** @internal */
export interface ReachableSocket {
  /** 20 characters: the sharded Redis adapter takes a room with so long a name for a single socket. */
  readonly id: string;
  /** Sent to other servers as it is, so plain data. */
  readonly handshake: Handshake;
  readonly rooms: Set<Room>;
  /** Assignable: the admin UI puts a proxy in its place. */
  data: unknown;
  /** Marks the sockets of this server among those that an adapter fetches. */
  readonly server: object;
  /** Adapters add what a broadcast waits for, and take it back. */
  readonly acks: {
    set(id: number, ack: (...args: unknown[]) => void): unknown;
    delete(id: number): boolean;
  };
  readonly client: ReachableClient;
  join(rooms: Room | Room[]): Promise<void> | void;
  leave(room: Room): Promise<void> | void;
  disconnect(close?: boolean): unknown;
  /** Adapters call it for each receiver of a broadcast. */
  notifyOutgoingListeners(packet: Pick<Packet, "data">): void;
}

/** @internal */
export interface ReachableClient {
  /** Of the connection; the admin UI shows a part of it. */
  readonly id: string;
  readonly conn: { readonly transport: { readonly name: string } };
  /** Writes what an adapter has encoded for all receivers; the options are one object for all of them. */
  writeToEngine(encoded: readonly (string | Buffer)[], options: WriteOptions): void;
}
