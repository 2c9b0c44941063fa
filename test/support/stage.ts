import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo, Socket as TcpSocket } from "node:net";
import { Server, type ServerOptions } from "./peer.js";

/** A server of the peer under test on a free port of 127.0.0.1, and everything that must be closed with it. */
export class Stage {
  readonly io: Server;
  readonly http: HttpServer;
  readonly #connections = new Set<TcpSocket>();
  readonly #cleanups: (() => void)[] = [];

  private constructor(http: HttpServer, options: Partial<ServerOptions>) {
    this.http = http;
    this.io = new Server(http, options);
    http.on("connection", (connection: TcpSocket) => {
      this.#connections.add(connection);
      connection.once("close", () => this.#connections.delete(connection));
    });
  }

  static async open(options: Partial<ServerOptions> = {}): Promise<Stage> {
    const http = createServer();
    const stage = new Stage(http, options);
    await new Promise<void>((resolve) => {
      http.listen(0, "127.0.0.1", resolve);
    });
    return stage;
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Runs before the server closes. */
  onClose(cleanup: () => void): void {
    this.#cleanups.push(cleanup);
  }

  /** Cuts every TCP connection, as a network that fails does. */
  cutConnections(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  async close(): Promise<void> {
    for (const cleanup of this.#cleanups) cleanup();
    const closed = this.http.listening ? new Promise((resolve) => this.http.once("close", resolve)) : undefined;
    await this.io.close();
    this.cutConnections();
    await closed;
  }
}

/** A way to open stages in the tests of the surrounding `describe`; each is closed after its test. */
export function useStages(): (options?: Partial<ServerOptions>) => Promise<Stage> {
  const stages: Stage[] = [];
  afterEach(async () => {
    await Promise.all(stages.splice(0).map((stage) => stage.close()));
  });
  return async (options) => {
    const stage = await Stage.open(options);
    stages.push(stage);
    return stage;
  };
}
