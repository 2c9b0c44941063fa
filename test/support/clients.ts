import assert from "node:assert/strict";
import {
  io as connectWith48,
  type ManagerOptions,
  type Socket as ClientSocket,
  type SocketOptions,
} from "socket.io-client";
import connectWith17 from "socket.io-client-1";
import connectWith25 from "socket.io-client-2";
import connectWith23 from "socket.io-client-2.3";
import { io as connectWith31 } from "socket.io-client-3";
import { Stage } from "./stage.js";
import { nextEvent, until, type EventSource } from "./waiting.js";
import type { ServerOptions, Socket } from "./peer.js";

export type { Socket as ClientSocket } from "socket.io-client";
export type ClientOptions = Partial<ManagerOptions & SocketOptions>;

const LIBRARIES = {
  "socket.io-client 4.8": { major: 4, connect: connectWith48 },
  "socket.io-client 3.1": { major: 3, connect: connectWith31 },
  "socket.io-client 2.5": { major: 2, connect: connectWith25 },
  "socket.io-client 2.3": { major: 2, connect: connectWith23 },
  "socket.io-client 1.7": { major: 1, connect: connectWith17 },
};

const TRANSPORTS = {
  polling: ["polling"],
  websocket: ["websocket"],
  upgrade: ["polling", "websocket"],
};

type Library = (typeof LIBRARIES)[keyof typeof LIBRARIES];
export type TransportPlan = keyof typeof TRANSPORTS;

/** A client and the server's socket of the same connection. */
export interface Pair {
  readonly client: ClientSocket;
  readonly socket: Socket;
}

/** One cell of the matrix: a client library over one choice of transports. */
export class Rig {
  readonly plan: TransportPlan;
  readonly #library: Library;
  readonly #openings: ClientStage[] = [];

  constructor(library: Library, plan: TransportPlan) {
    this.#library = library;
    this.plan = plan;
  }

  /** Major version of the client. */
  get major(): number {
    return this.#library.major;
  }

  /** Whether the client is of the time before version 3, with a protocol of its own. */
  get isOld(): boolean {
    return this.major < 3;
  }

  /** Whether text beyond ASCII arrives: a client of version 1 encodes that of polling bodies once too often. */
  get takesUnicode(): boolean {
    return this.major > 1 || this.plan === "websocket";
  }

  async open(options?: Partial<ServerOptions>): Promise<ClientStage> {
    const stage = new ClientStage(this, await Stage.open({ allowEIO3: this.isOld, ...options }));
    this.#openings.push(stage);
    return stage;
  }

  connect(url: string, options: ClientOptions): ClientSocket {
    return this.#library.connect(url, {
      forceNew: true,
      reconnection: false,
      transports: TRANSPORTS[this.plan],
      ...options,
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#openings.splice(0).map((stage) => stage.close()));
  }
}

/** A stage with clients of one cell of the matrix. */
export class ClientStage {
  readonly stage: Stage;
  readonly #rig: Rig;
  readonly #clients: ClientSocket[] = [];

  constructor(rig: Rig, stage: Stage) {
    this.#rig = rig;
    this.stage = stage;
  }

  get io(): Stage["io"] {
    return this.stage.io;
  }

  /** A client on a connection of its own, not yet connected. */
  client(namespace = "/", options: ClientOptions = {}): ClientSocket {
    return this.clientAt(this.stage.url + namespace, options);
  }

  clientAt(url: string, options: ClientOptions = {}): ClientSocket {
    return this.#track(this.#rig.connect(url, options));
  }

  /** A client of another namespace on the connection of `client`. */
  sibling(client: ClientSocket, namespace: string, options: Partial<SocketOptions> = {}): ClientSocket {
    return this.#track(client.io.socket(namespace, options));
  }

  /** A connected client on a connection of its own, and its socket. */
  async pair(namespace = "/", options: ClientOptions = {}): Promise<Pair> {
    return this.paired(this.client(namespace, options), namespace);
  }

  /** A `client` that is connecting to `namespace`, and its socket. */
  async paired(client: ClientSocket, namespace = "/"): Promise<Pair> {
    await nextEvent(client, "connect");
    const { sockets } = this.io.of(namespace);
    // A client of version 1 knows its connection's id alone.
    const socket = sockets.get(client.id ?? "") ?? sockets.get(`${namespace}#${client.id}`);
    assert(socket !== undefined, `the server knows the client as ${client.id ?? "nobody"}`);
    return { client, socket };
  }

  /** As `pair`, once the connection will not change its transport and the server may write to it. */
  async settledPair(options: ClientOptions = {}): Promise<Pair> {
    return this.settled(await this.pair("/", options));
  }

  async settled(pair: Pair): Promise<Pair> {
    if (this.#rig.plan === "upgrade") await upgraded(pair);
    await until(() => pair.socket.conn.transport.writable, "the server's transport is writable");
    return pair;
  }

  /**
   * The clients go first, and wholly. A client that is told to go in the middle of an upgrade finishes that before, and
   * waits for ever when the server is gone; and one with a request in flight asks for modules that jest has taken away.
   */
  async close(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    await Promise.all(this.#clients.map(connectionClosed));
    await this.stage.close();
  }

  #track(client: ClientSocket): ClientSocket {
    this.#clients.push(client);
    return client;
  }
}

/** The whole matrix, or the part of it whose clients are of these major versions. */
export function describeEveryClient(
  title: string,
  define: (rig: Rig) => void,
  { since = 1, until: last = Infinity }: { since?: number; until?: number } = {},
): void {
  for (const [name, library] of Object.entries(LIBRARIES)) {
    if (library.major < since || library.major > last) continue;
    for (const plan of Object.keys(TRANSPORTS) as TransportPlan[]) {
      describe(`${title}, ${name} over ${plan}`, () => {
        const rig = new Rig(library, plan);
        afterEach(() => rig.close());
        define(rig);
      });
    }
  }
}

/** `it` where the condition holds, so that a cell of the matrix has no test of what its client cannot do. */
export function itIf(condition: boolean): (name: string, test: () => Promise<void>) => void {
  return condition ? it : () => undefined;
}

/** Calls `listener` with each event before its listeners; clients before version 3 have no `onAny`. */
export function onAnyEvent(client: ClientSocket, listener: (...event: unknown[]) => void): void {
  if ("onAny" in client) {
    client.onAny(listener);
    return;
  }
  const old = client as { onevent(packet: { data: unknown[] }): void };
  const onevent = old.onevent.bind(old);
  old.onevent = (packet) => {
    listener(...packet.data);
    onevent(packet);
  };
}

/** What the tests use of a client's own connection, whose type hides it. */
export interface ClientEngine extends EventSource {
  readonly readyState: string;
  readonly transport: { readonly name: string; readonly writable: boolean };
  close(): unknown;
  write(packet: string): unknown;
}

export function engineOf(client: ClientSocket): ClientEngine {
  return client.io.engine as unknown as ClientEngine;
}

export function managerOf(client: ClientSocket): EventSource {
  return client.io as unknown as EventSource;
}

/** Waits for the end of an upgrade that may have ended already. */
export async function upgraded({ client, socket }: Pair): Promise<void> {
  const engine = engineOf(client);
  if (engine.transport.name !== "websocket") await nextEvent(engine, "upgrade");
  if (socket.conn.transport.name !== "websocket") await nextEvent(socket.conn, "upgrade");
}

/** Waits until a client without sockets has closed its connection; a client of version 3 cannot connect again before. */
export async function connectionClosed(client: ClientSocket): Promise<void> {
  const engine = engineOf(client);
  await until(() => engine.readyState === "closed", "the client has closed its connection");
}
