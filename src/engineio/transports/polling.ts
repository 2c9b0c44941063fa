import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { EngineError } from "../errors.js";
import type { Packet } from "../packet.js";
import type { EngineRevision } from "../revision.js";
import { readBody } from "../http/body.js";
import { Transport } from "./transport.js";

/** How long a closing session waits for a poll that can carry the close packet. */
const CLOSE_TIMEOUT_MS = 30_000;

export interface PollingOptions {
  readonly maxHttpBufferSize: number;
  readonly revision: EngineRevision;
  /** Adds what every response of the engine carries (cookies, listeners of `headers`). */
  readonly decorate: (headers: OutgoingHttpHeaders, request: IncomingMessage) => void;
  readonly after: (delayMs: number, callback: () => void) => { cancel(): void };
}

/** The request that waits for packets. */
interface Poll {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * HTTP long-polling: a GET waits for packets (the poll), a POST brings packets. One of each at a time; a second one is
 * a client gone wrong, or a proxy that repeats requests, and ends the session.
 */
export class PollingTransport extends Transport {
  readonly name = "polling";
  override readonly protocol: number;
  readonly #options: PollingOptions;
  #poll: Poll | undefined;
  #posting = false;
  #closeTimeout: { cancel(): void } | undefined;

  constructor(options: PollingOptions) {
    super();
    this.#options = options;
    this.protocol = options.revision.protocol;
  }

  override get writable(): boolean {
    return this.#poll !== undefined;
  }

  /** Takes one HTTP request of this session; always answers it, now or when packets come. */
  onRequest(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === "GET") this.#park({ request, response });
    else if (request.method === "POST") void this.#receive(request, response);
    else this.#respond({ request, response }, 400);
  }

  override send(packets: readonly Packet[]): void {
    const poll = this.#takePoll();
    if (poll === undefined) return;
    this.#respondText(poll, this.#options.revision.encodePayload(packets));
  }

  override close(): void {
    if (this.readyState !== "open") return;
    this.readyState = "closing";
    if (this.#poll !== undefined) {
      this.#sayGoodbye();
      return;
    }
    this.#closeTimeout = this.#options.after(CLOSE_TIMEOUT_MS, () => {
      this.end("transport close");
    });
  }

  override discard(): void {
    super.discard();
    this.#closeTimeout?.cancel();
    // A poll left parked would hang until the client gives up.
    if (this.#poll !== undefined) this.send([{ type: "noop" }]);
  }

  #sayGoodbye(): void {
    this.send([{ type: "close" }]);
    this.#closeTimeout?.cancel();
    this.end("transport close");
  }

  #park(poll: Poll): void {
    if (this.#poll !== undefined) {
      this.#respond(poll, 400);
      this.#fail("ENGINE_OVERLAP", "overlap");
      return;
    }
    this.#poll = poll;
    poll.response.once("close", () => {
      if (this.#poll !== poll) return;
      this.#poll = undefined;
      this.#fail("ENGINE_PREMATURE_CLOSE", "poll");
    });
    if (this.readyState === "open") this.handler.onWritable();
    else this.#sayGoodbye();
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = { request, response };
    if (this.#posting) {
      this.#respond(exchange, 400);
      this.#fail("ENGINE_OVERLAP", "data request overlap");
      return;
    }
    if (request.headers["content-type"] === "application/octet-stream") {
      this.#respond(exchange, 400);
      this.#end("transport error", new EngineError("ENGINE_CONTENT_TYPE"));
      return;
    }
    this.#posting = true;
    const body = await readBody(request, this.#options.maxHttpBufferSize);
    this.#posting = false;
    this.#handleBody(body, exchange);
  }

  #handleBody(body: Buffer | "too large" | "aborted", exchange: Poll): void {
    if (body === "aborted") {
      this.#fail("ENGINE_PREMATURE_CLOSE", "data request");
    } else if (body === "too large") {
      this.#respond(exchange, 413, { Connection: "close" });
    } else {
      this.#deliverAll(body.toString());
      // Answered with "ok" even when the session ended: clients expect it, and learn of the end from their next request.
      this.#respond(exchange, 200, { "Content-Type": "text/html" }, "ok");
    }
  }

  #deliverAll(body: string): void {
    let packets: Packet[];
    try {
      packets = this.#options.revision.decodePayload(body);
    } catch (error) {
      this.#end("parse error", error);
      return;
    }
    for (const packet of packets) {
      if (packet.type === "close") {
        this.#end("transport close");
        return;
      }
      this.deliver(packet);
    }
  }

  #takePoll(): Poll | undefined {
    const poll = this.#poll;
    this.#poll = undefined;
    return poll;
  }

  #fail(code: "ENGINE_OVERLAP" | "ENGINE_PREMATURE_CLOSE", what: string): void {
    this.#end("transport error", new EngineError(code, { values: { what } }));
  }

  /** Ends the session; a parked poll is told so. */
  #end(reason: "transport close" | "transport error" | "parse error", description?: unknown): void {
    this.#closeTimeout?.cancel();
    // Before the handler hears of it: the session lets go of the transport, which releases the poll as if all were well.
    if (this.#poll !== undefined) this.send([{ type: "close" }]);
    this.end(reason, description);
  }

  #respondText(poll: Poll, body: string): void {
    const headers = { "Content-Type": "text/plain; charset=UTF-8", "Cache-Control": "no-store" };
    this.#respond(poll, 200, headers, body);
  }

  #respond({ request, response }: Poll, status: number, headers: OutgoingHttpHeaders = {}, body = ""): void {
    this.#options.decorate(headers, request);
    headers["Content-Length"] = Buffer.byteLength(body);
    response.writeHead(status, headers);
    response.end(body);
  }
}
