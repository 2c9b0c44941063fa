import { Server, type ServerOptions } from "rookery/core";
import type { ConnectOptions, TestClient as Client } from "rookery/testing";
import { TestClient } from "rookery/testing";
import { Activity } from "../../src/testing/activity.js";
import { Connection } from "../../src/testing/connection.js";
import { LogBook } from "../../src/testing/log-book.js";

/** A server of the core without a framework above and without a port below, and clients of it in memory. */
export class MemoryServer {
  readonly io: Server;
  readonly log = new LogBook();
  readonly activity = new Activity();

  constructor(options: ServerOptions = {}) {
    this.io = new Server({ logger: this.log, ...options });
  }

  /** A connected client of `namespace`, on a connection of its own. */
  async connect(namespace = "/", { auth, ...request }: ConnectOptions = {}): Promise<Client> {
    const connection = new Connection(this.io, request, this.activity);
    const context = { activity: this.activity, log: this.log, server: this.io };
    const client: Client = new TestClient(connection, namespace, context);
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
