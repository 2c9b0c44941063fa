import { Server, type Namespace, type ServerOptions, type Socket } from "../../src/core.js";
import type { EngineSocket, MessageData, TransportName } from "../../src/engineio/index.js";
import { FakeTransport } from "./fake-transport.js";
import { ManualClock } from "./manual-clock.js";
import { RecordingLogger } from "./recording-logger.js";

/** A server without a port: its clients are transports, and its time is the test's. */
export class SocketStage {
  readonly clock = new ManualClock();
  readonly log = new RecordingLogger();
  readonly io: Server;

  constructor(options: ServerOptions = {}) {
    this.io = new Server({ clock: this.clock, logger: this.log, ...options });
  }

  /** A connection that has joined no namespace yet. */
  connect(name?: TransportName): FakeClient {
    const transport = new FakeTransport(name);
    const request = { headers: {}, url: "/socket.io/?EIO=4&transport=websocket", socket: {} };
    const conn = this.io.engine.accept(transport, request);
    transport.take();
    return new FakeClient(this.io, conn, transport);
  }

  /** A connection that has joined a namespace. */
  join(namespace = "/"): FakeClient & { readonly socket: Socket } {
    const client = this.connect();
    return Object.assign(client, { socket: client.join(namespace) });
  }
}

/** A client, spoken for frame by frame. */
export class FakeClient {
  readonly conn: EngineSocket;
  readonly transport: FakeTransport;
  readonly #io: Server;

  constructor(io: Server, conn: EngineSocket, transport: FakeTransport) {
    this.#io = io;
    this.conn = conn;
    this.transport = transport;
  }

  send(...frames: MessageData[]): void {
    this.transport.receive(...frames);
  }

  /** What the server has sent since the last call. */
  take(): MessageData[] {
    return this.transport.take();
  }

  /** Joins a namespace; the answer to it is taken. */
  join(name = "/"): Socket {
    const namespace: Namespace = this.#io.of(name);
    const before = new Set(namespace.sockets.keys());
    this.send(name === "/" ? "40" : `40${name},`);
    this.take();
    const socket = [...namespace.sockets.values()].find(({ id }) => !before.has(id));
    if (socket === undefined) throw new Error(`the client was not let into ${name}`);
    return socket;
  }
}
