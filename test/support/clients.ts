import assert from "node:assert/strict";
import {
  io as connectWith4,
  type ManagerOptions,
  type Socket as ClientSocket,
  type SocketOptions,
} from "socket.io-client";
import { io as connectWith3 } from "socket.io-client-3";
import { Stage } from "./stage.js";
import { nextEvent, until, type EventSource } from "./waiting.js";
import type { ServerOptions, Socket } from "./peer.js";

export type { Socket as ClientSocket } from "socket.io-client";
export type ClientOptions = Partial<ManagerOptions & SocketOptions>;

const LIBRARIES = {
  "socket.io-client 4.8": { major: 4, connect: connectWith4 },
  "socket.io-client 3.1": { major: 3, connect: connectWith3 },
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

  async open(options?: Partial<ServerOptions>): Promise<ClientStage> {
    const stage = new ClientStage(this, await Stage.open(options));
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
    const socket = this.io.of(namespace).sockets.get(client.id ?? "");
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

  /** Ends with no request of a client's in flight: clients ask for modules late, after jest has taken them away. */
  async close(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    await this.stage.close();
    await Promise.all(this.#clients.map(connectionClosed));
  }

  #track(client: ClientSocket): ClientSocket {
    this.#clients.push(client);
    return client;
  }
}

/** The whole matrix, or the part of it whose client is new enough. */
export function describeEveryClient(title: string, define: (rig: Rig) => void, sinceMajor = 3): void {
  for (const [name, library] of Object.entries(LIBRARIES)) {
    if (library.major < sinceMajor) continue;
    for (const plan of Object.keys(TRANSPORTS) as TransportPlan[]) {
      describe(`${title}, ${name} over ${plan}`, () => {
        const rig = new Rig(library, plan);
        afterEach(() => rig.close());
        define(rig);
      });
    }
  }
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
