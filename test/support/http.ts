import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type RequestListener } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { nextEvent, within } from "./waiting.js";

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
}

const cleanups: (() => Promise<void> | void)[] = [];

/** Closes the servers and connections of this module after each test of the surrounding `describe`. */
export function closeHttpAfterEach(): void {
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });
}

/** An HTTP server on a free port of 127.0.0.1. */
export class HttpStage {
  readonly server = createServer();
  readonly #connections = new Set<Socket>();

  static async open(listener?: RequestListener): Promise<HttpStage> {
    const stage = new HttpStage();
    if (listener !== undefined) stage.server.on("request", listener);
    stage.server.on("connection", (connection: Socket) => stage.#connections.add(connection));
    stage.server.listen(0, "127.0.0.1");
    await nextEvent(stage.server, "listening");
    cleanups.push(() => stage.#close());
    return stage;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections that the server has not seen close. */
  get openConnections(): number {
    return [...this.#connections].filter(({ destroyed }) => !destroyed).length;
  }

  /** One request on a connection of its own. */
  async send(path: string, { method = "GET", headers = {}, body, signal }: HttpRequest = {}): Promise<HttpReply> {
    const { port } = this;
    const options = { host: "127.0.0.1", port, path, method, headers, agent: false, ...(signal && { signal }) };
    const response = await within(
      new Promise<IncomingMessage>((resolve, reject) => {
        request(options, resolve).on("error", reject).end(body);
      }),
      `an answer to ${method} ${path}`,
    );
    return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
  }

  /** A connection for bytes that no HTTP client would send; `received` is all that came until it closed. */
  async connect(): Promise<{ socket: Socket; received: Promise<string> }> {
    const socket = connect(this.port, "127.0.0.1").on("error", () => undefined);
    const received = receivedBy(socket);
    cleanups.push(() => {
      socket.destroy();
    });
    await nextEvent(socket, "connect");
    return { socket, received };
  }

  async #close(): Promise<void> {
    if (!this.server.listening) return;
    for (const connection of this.#connections) connection.destroy();
    this.server.close();
    await nextEvent(this.server, "close");
  }
}

async function receivedBy(socket: Socket): Promise<string> {
  let received = "";
  socket.on("data", (chunk: Buffer) => (received += chunk.toString("latin1")));
  await new Promise((resolve) => socket.once("close", resolve));
  return received;
}
