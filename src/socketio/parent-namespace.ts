import { Adapter, type BroadcastOptions } from "socket.io-adapter";
import { SocketError } from "./errors.js";
import type { EventsMap } from "./event-types.js";
import { Namespace } from "./namespace.js";
import type { RemoteSocket } from "./remote-socket.js";
import type { Server } from "./server.js";

/** Decides whether a client may have a namespace made for it. */
export type NamespaceTest = (
  name: string,
  auth: Record<string, unknown>,
  next: (error: Error | null, allowed: boolean) => void,
) => void;

let count = 0;

/**
 * Namespaces made on demand: a client that names a matching one gets a child with the middlewares, the listeners and
 * the handlers that the parent has at that moment. A broadcast of the parent reaches all children.
 */
export class ParentNamespace<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> extends Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  readonly children = new Set<Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>();
  readonly test: NamespaceTest;

  constructor(server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>, test: NamespaceTest) {
    super(server, `/_${String(count++)}`, { createAdapter: (namespace) => new ChildrenAdapter(namespace) });
    this.test = test;
  }

  /** Makes the child of that name. @internal */
  createChild(name: string): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const child = new ChildNamespace(this.server, name, this);
    for (const middleware of this.middlewares) child.use(middleware as never);
    for (const event of ["connect", "connection"] as const) {
      for (const listener of this.listeners(event)) child.on(event, listener as never);
    }
    this.children.add(child);
    return child;
  }

  override async fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]> {
    return Promise.reject(new SocketError("SOCKET_PARENT_FETCH"));
  }
}

/** A namespace that goes away with its last socket when `cleanupEmptyChildNamespaces` says so. */
class ChildNamespace<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> extends Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  readonly #parent: ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;

  constructor(
    server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    name: string,
    parent: ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
  ) {
    super(server, name, { dispatch: parent.dispatch });
    this.#parent = parent;
  }

  /** @internal */
  override onSocketGone(socket: { id: string }): void {
    super.onSocketGone(socket);
    if (this.sockets.size > 0 || this.server.opts.cleanupEmptyChildNamespaces !== true) return;
    this.#parent.children.delete(this);
    this.server.removeNamespace(this.name);
  }
}

/** Broadcasts by the adapters of the children; a parent has no sockets of its own. */
class ChildrenAdapter extends Adapter {
  override broadcast(packet: object, options: BroadcastOptions): void {
    for (const adapter of this.#adapters()) adapter.broadcast(packet, options);
  }

  override broadcastWithAck(
    packet: object,
    options: BroadcastOptions,
    onCount: (count: number) => void,
    ack: (...args: unknown[]) => void,
  ): void {
    let total = 0;
    for (const adapter of this.#adapters()) {
      // A copy: each namespace numbers its packets itself.
      adapter.broadcastWithAck({ ...packet }, options, (count) => (total += count), ack);
    }
    onCount(total);
  }

  #adapters(): Adapter[] {
    return [...(this.nsp as { children: Set<Namespace> }).children].map((child) => child.adapter);
  }
}
