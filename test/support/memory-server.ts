import { Server, systemClock, type ServerOptions } from "rookery/core";
import type { ConnectOptions, TestClient as Client } from "rookery/testing";
import { TestClient, VirtualClock } from "rookery/testing";
import { Activity } from "../../src/testing/activity.js";
import { Connection } from "../../src/testing/connection.js";
import { LogBook } from "../../src/testing/log-book.js";

/** A server of the core without a framework above and without a port below, and clients of it in memory. */
export class MemoryServer {
  readonly io: Server;
  readonly log = new LogBook();
  readonly activity = new Activity();
  readonly clock: VirtualClock;

  constructor({ clock = systemClock, ...options }: ServerOptions = {}) {
    this.clock = new VirtualClock(clock, this.activity);
    this.io = new Server({ logger: this.log, ...options, clock: this.clock });
  }

  /** A connected client of `namespace`, on a connection of its own. */
  async connect(namespace = "/", { auth, ...request }: ConnectOptions = {}): Promise<Client> {
    const connection = new Connection(this.io, request, this.activity);
    const { activity, clock, log, io: server } = this;
    const client: Client = new TestClient(connection, namespace, { activity, clock, log, server });
    await client.join(auth);
    return client;
  }

  async close(): Promise<void> {
    await this.io.close();
    await this.activity.settled();
  }
}

/** A new server for each test of the surrounding `describe`, closed after it. */
export function useMemoryServer(options: ServerOptions = {}): () => MemoryServer {
  let server: MemoryServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  return () => (server ??= new MemoryServer(options));
}
