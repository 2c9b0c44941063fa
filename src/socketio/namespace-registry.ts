import { isThenable } from "../common/index.js";
import type { Adapter } from "socket.io-adapter";
import { SocketError } from "./errors.js";
import type { EventsMap } from "./event-types.js";
import { Namespace } from "./namespace.js";
import { ParentNamespace, type NamespaceTest } from "./parent-namespace.js";
import type { Server } from "./server.js";
import { deliver } from "./typed-emitter.js";

/** A namespace made on demand that may be idle, or in use again. */
export interface IdleNamespace {
  readonly isIdle: boolean;
  /** Takes it away. */
  remove(): void;
}

/** The namespaces of one server, and the parents that make more of them when clients ask. */
export class NamespaceRegistry<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> {
  readonly byName = new Map<string, Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>();
  readonly #server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  readonly #parents: ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>[] = [];
  readonly #patterns = new Map<RegExp, ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>();
  readonly #idle = new Set<IdleNamespace>();
  #dynamicCount = 0;

  constructor(server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) {
    this.#server = server;
  }

  of(name: string): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const path = name.startsWith("/") ? name : `/${name}`;
    return this.byName.get(path) ?? this.#add(path, this.#matchingParent(path));
  }

  parentOf(matcher: RegExp | NamespaceTest): ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    if (typeof matcher === "function") return this.#addParent(matcher);
    if (matcher.global || matcher.sticky) throw new SocketError("SOCKET_STATEFUL_PATTERN");
    const parent = this.#addParent((name, _, next) => {
      next(null, matcher.test(name));
    });
    this.#patterns.set(matcher, parent);
    return parent;
  }

  /** Asks the parents in the order they were registered; the first that allows makes the namespace. */
  resolve(
    name: string,
    auth: Record<string, unknown>,
    found: (namespace?: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void,
  ): void {
    const present = this.byName.get(name);
    if (present !== undefined) found(present);
    else this.#ask(0, name, auth, found);
  }

  /** The last socket of a namespace has left, which was made on demand. */
  onIdle(namespace: IdleNamespace): void {
    this.#idle.add(namespace);
  }

  /** Takes a namespace away; its sockets must have left. */
  remove(name: string): void {
    const namespace = this.byName.get(name);
    if (namespace === undefined) return;
    this.byName.delete(name);
    this.#idle.delete(namespace as unknown as IdleNamespace);
    this.#dynamicCount -= 1;
    this.#closeAdapter(namespace.adapter).catch((error: unknown) => {
      this.#server.logger.error("an adapter could not be closed", { namespace: name, error });
    });
  }

  #ask(
    index: number,
    name: string,
    auth: Record<string, unknown>,
    found: (namespace?: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void,
  ): void {
    const parent = this.#parents[index];
    if (parent === undefined) {
      found();
      return;
    }
    let answered = false;
    const answer = (allowed: boolean): void => {
      if (answered) return;
      answered = true;
      if (allowed) found(this.byName.get(name) ?? this.#addOnDemand(name, parent));
      else this.#ask(index + 1, name, auth, found);
    };
    const fail = (error: unknown): void => {
      this.#server.logger.error("a namespace function threw", { namespace: name, error });
      answer(false);
    };
    try {
      const result: unknown = parent.test(name, auth, (error, allowed) => {
        answer(!error && allowed);
      });
      if (isThenable(result)) result.then(undefined, fail);
    } catch (error) {
      fail(error);
    }
  }

  #addOnDemand(
    name: string,
    parent: ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> | undefined {
    const hasRoom = this.#dynamicCount < this.#server.limits.maxDynamicNamespaces || this.#removeIdle();
    if (!hasRoom) return undefined;
    try {
      return this.#add(name, parent);
    } catch (error) {
      // Its adapter is the user's; whoever asks for the namespace may do so later, where nobody would catch this.
      this.#server.logger.error("a namespace could not be made", { namespace: name, error });
      return undefined;
    }
  }

  /** Makes room: otherwise one client could ask for so many that nobody else gets any. */
  #removeIdle(): boolean {
    for (const namespace of this.#idle) {
      this.#idle.delete(namespace);
      if (!namespace.isIdle) continue;
      namespace.remove();
      return true;
    }
    return false;
  }

  async #closeAdapter(adapter: Adapter): Promise<void> {
    await adapter.close();
  }

  #matchingParent(name: string): ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> | undefined {
    for (const [pattern, parent] of this.#patterns) if (pattern.test(name)) return parent;
    return undefined;
  }

  #add(
    name: string,
    parent?: ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const namespace = parent?.createChild(name) ?? new Namespace(this.#server, name);
    if (parent !== undefined) this.#dynamicCount += 1;
    this.byName.set(name, namespace);
    // "/" is there from the start: nobody can listen yet.
    if (name !== "/") deliver(this.#server.sockets, "new_namespace", [namespace], this.#server.logger);
    return namespace;
  }

  #addParent(test: NamespaceTest): ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const parent = new ParentNamespace(this.#server, test);
    this.#parents.push(parent);
    return parent;
  }
}
