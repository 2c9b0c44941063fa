import { Adapter, type BroadcastOptions } from "socket.io-adapter";
import type { Deadline } from "../common/index.js";
import { SocketError } from "./errors.js";
import type { EventsMap } from "./event-types.js";
import { Namespace } from "./namespace.js";
import type { RemoteSocket } from "./remote-socket.js";
import type { Server } from "./server.js";
import type { Socket } from "./socket.js";

/** Decides whether a client may have a namespace made for it. */
export type NamespaceTest = (
  name: string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the client says, untyped as in socket.io
  auth: Record<string, any>,
  next: (error: Error | null, allowed: boolean) => void,
) => void | Promise<void>;

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

  override get isAlone(): boolean {
    return [...this.children].every((child) => child.isAlone);
  }

  override async fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]> {
    return Promise.reject(new SocketError("SOCKET_PARENT_FETCH"));
  }
}

/**
 * A namespace that goes away with its last socket when `cleanupEmptyChildNamespaces` says so, or when others need its
 * place (`maxDynamicNamespaces`).
 */
class ChildNamespace<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> extends Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  readonly #parent: ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  /** Sockets that are in it or about to be. */
  #members = 0;
  #removal: Deadline | undefined;

  constructor(
    server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    name: string,
    parent: ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
  ) {
    super(server, name, { dispatch: parent.dispatch });
    this.#parent = parent;
  }

  /** @internal */
  override createSocket(
    ...details: Parameters<Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>["createSocket"]>
  ): Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const socket = super.createSocket(...details);
    this.#members += 1;
    return socket;
  }

  /** @internal */
  override onSocketGone(socket: { id: string }): void {
    super.onSocketGone(socket);
    this.#members -= 1;
    if (this.#members > 0) return;
    const isAwaiting = this.recovery?.awaitsClients === true;
    if (this.server.opts.cleanupEmptyChildNamespaces !== true) this.server.onNamespaceIdle(this);
    else if (isAwaiting) this.#removeLater(this.server.opts.connectionStateRecovery?.maxDisconnectionDuration);
    else this.remove();
  }

  get isIdle(): boolean {
    return this.#members === 0;
  }

  remove(): void {
    if (this.#parent.children.delete(this)) this.server.removeNamespace(this.name);
  }

  /** Clients that come back have missed what is emitted to the namespace meanwhile: it has to be there. */
  #removeLater(delayMs = 0): void {
    this.server.onNamespaceIdle(this);
    this.#removal?.cancel();
    this.#removal = this.deadlines.add(delayMs, () => {
      if (this.isIdle) this.remove();
    });
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
    let isAsking = true;
    // The sockets of this server are counted while it asks; those of others come one server of one child at a time.
    const count = (receivers: number): void => {
      if (isAsking) total += receivers;
      else onCount(receivers);
    };
    // A copy of the packet: each namespace numbers its packets itself.
    for (const adapter of this.#adapters()) adapter.broadcastWithAck({ ...packet }, options, count, ack);
    isAsking = false;
    onCount(total);
  }

  /** This server, and the others once for each child. */
  override async serverCount(): Promise<number> {
    const counts = await Promise.all(this.#adapters().map(async (adapter) => adapter.serverCount()));
    return counts.reduce((sum, count) => sum + count - 1, 1);
  }

  #adapters(): Adapter[] {
    return [...(this.nsp as { children: Set<Namespace> }).children].map((child) => child.adapter);
  }
}
