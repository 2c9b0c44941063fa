import { Agent, createServer, request, type ClientRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Deadlines, systemClock, type MessageData } from "rookery/core";
import { revision4 } from "../../src/engineio/index.js";
import { PollingTransport } from "../../src/engineio/transports/polling.js";
import type { TransportEnds } from "./transport-contract.js";
import { deferred, nextEvent } from "./waiting.js";

const SEPARATOR = "\u001e";

/** A client that polls over loopback, its server's side in a transport. */
export async function openPollingEnds(): Promise<TransportEnds> {
  const deadlines = new Deadlines(systemClock);
  const transport = new PollingTransport({
    maxHttpBufferSize: 1_000_000,
    maxPayloadPackets: 10_000,
    revision: revision4,
    query: {},
    decorate: () => undefined,
    after: (delayMs, callback) => deadlines.add(delayMs, callback),
  });
  const http = createServer((incoming, response) => {
    transport.onRequest(incoming, response);
  });
  http.listen(0, "127.0.0.1");
  await nextEvent(http, "listening");
  const client = new PollingClient((http.address() as AddressInfo).port);
  return {
    transport,
    frames: client.frames,
    closed: client.closed,
    send: (...frames) => {
      client.send(frames);
    },
    vanish: () => {
      client.vanish();
    },
    dispose: () => dispose(transport, client, http),
  };
}

async function dispose(transport: PollingTransport, client: PollingClient, http: Server): Promise<void> {
  transport.terminate();
  client.vanish();
  http.closeAllConnections();
  http.close();
  await nextEvent(http, "close");
}

/** Polls until it is told to stop; posts one after another. */
class PollingClient {
  readonly frames: MessageData[] = [];
  readonly closed: Promise<void>;
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #onClosed: () => void;
  #poll: ClientRequest | undefined;
  #posted: Promise<unknown> = Promise.resolve();

  constructor(port: number) {
    const { promise, resolve } = deferred<undefined>();
    this.#port = port;
    this.closed = promise;
    this.#onClosed = () => {
      resolve(undefined);
    };
    void this.#startPolling();
  }

  send(frames: readonly MessageData[]): void {
    const body = frames.map((frame) => (typeof frame === "string" ? frame : `b${frame.toString("base64")}`));
    this.#posted = this.#posted.then(() => this.#exchange("POST", body.join(SEPARATOR))).catch(() => undefined);
  }

  vanish(): void {
    this.#poll?.destroy();
    this.#agent.destroy();
    this.#onClosed();
  }

  async #startPolling(): Promise<void> {
    try {
      for (let isOpen = true; isOpen;) isOpen = this.#take(await this.#exchange("GET"));
    } catch {
      // Gone, by its own will or the server's.
    }
    this.#onClosed();
  }

  /** Close and, to a client whose connection has been let go, noop are the last words of a server. */
  #take(payload: string): boolean {
    const frames = payload.split(SEPARATOR);
    this.frames.push(...frames.map((frame) => (frame.startsWith("b") ? Buffer.from(frame.slice(1), "base64") : frame)));
    return !frames.includes("1") && !frames.includes("6");
  }

  async #exchange(method: "GET" | "POST", body?: string): Promise<string> {
    const outgoing = request({ host: "127.0.0.1", port: this.#port, method, agent: this.#agent });
    if (method === "GET") this.#poll = outgoing;
    const { promise, resolve, reject } = deferred<string>();
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      text(response).then(resolve, reject);
    });
    outgoing.end(body);
    return promise;
  }
}
