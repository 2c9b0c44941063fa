import { isUtf8 } from "node:buffer";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { EngineError } from "../errors.js";
import type { MessageData, Packet } from "../packet.js";
import type { Query } from "../request.js";
import type { EngineRevision, PayloadCodec } from "../revision.js";
import { readBody, type BodyFailure, type BodyPace } from "../http/body.js";
import { refuseRequest } from "../http/refusal.js";
import { chooseEncoding, compress, type ContentEncoding, type ResolvedCompression } from "../http/compression.js";
import { Transport } from "./transport.js";

/** How long a closing session waits for a poll that can carry the close packet. */
const CLOSE_TIMEOUT_MS = 30_000;

/** Finds the transport of a poll without a closure per poll. */
const OWNER = Symbol("transport");
type OwnedResponse = ServerResponse & { [OWNER]: PollingTransport };

/** As engine.io offers them. */
const ENCODINGS: readonly ContentEncoding[] = ["gzip", "deflate"];

/** What is the same for all sessions of a server. */
export interface PollingSettings {
  readonly maxHttpBufferSize: number;
  readonly maxPayloadPackets: number;
  /** @default false */
  readonly compression?: ResolvedCompression | false;
  /** How fast bodies have to come; without it they may take for ever. */
  readonly pace?: BodyPace;
  readonly after: (delayMs: number, callback: () => void) => { cancel(): void };
}

export interface PollingOptions extends PollingSettings {
  readonly revision: EngineRevision;
  /** Of the request that opens the session. */
  readonly query: Query;
  /** Adds what every response of the engine carries (cookies, listeners of `headers`). */
  readonly decorate: (headers: OutgoingHttpHeaders, request: IncomingMessage) => void;
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
  override readonly revision: EngineRevision;
  readonly #codec: PayloadCodec;
  readonly #options: PollingOptions;
  #poll: Poll | undefined;
  #posting = false;
  #closeTimeout: { cancel(): void } | undefined;

  constructor(options: PollingOptions) {
    super();
    this.#options = options;
    this.revision = options.revision;
    this.#codec = options.revision.payloadCodec(options.query);
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

  /** @internal */
  onPollClosed(response: ServerResponse): void {
    if (this.#poll?.response !== response) return;
    this.#poll = undefined;
    this.#fail("ENGINE_PREMATURE_CLOSE", "poll");
  }

  override send(packets: readonly Packet[]): void {
    const poll = this.#takePoll();
    if (poll === undefined) return;
    const { headers, body } = this.#codec.encode(packets);
    const encoding = this.#mayCompress(body) && packets.some(isCompressible) ? encodingFor(poll.request) : undefined;
    if (encoding === undefined) this.#answer(poll, headers, body);
    else this.#answerCompressed(poll, encoding, headers, body);
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
    (poll.response as OwnedResponse)[OWNER] = this;
    poll.response.on("close", onPollClose);
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
    if (isBytes(request) && !this.#codec.takesBytes) {
      this.#respond(exchange, 400);
      this.#end("transport error", new EngineError("ENGINE_CONTENT_TYPE"));
      return;
    }
    this.#posting = true;
    const body = await readBody(request, this.#options.maxHttpBufferSize, this.#options.pace);
    this.#posting = false;
    this.#handleBody(body, exchange);
  }

  #handleBody(body: Buffer | BodyFailure, exchange: Poll): void {
    if (body === "aborted") {
      this.#fail("ENGINE_PREMATURE_CLOSE", "data request");
    } else if (body === "too large") {
      this.#refuseBody(exchange, 413);
    } else if (body === "too slow") {
      this.#refuseBody(exchange, 408);
      this.#end("transport error", new EngineError("ENGINE_SLOW_BODY"));
    } else if (this.isLetGo) {
      // The session has gone on over a WebSocket, or ended: the same answer as to a request that begins only now.
      refuseRequest(exchange.response, { kind: "BAD_REQUEST", context: {} });
    } else {
      this.#deliverAll(body, isBytes(exchange.request));
      // Answered with "ok" even when the session ended: clients expect it, and learn of the end from their next request.
      this.#answer(exchange, HTML, "ok");
    }
  }

  /** The rest of the body is not read, so the connection is of no more use; HTTP/2 drops it stream by stream. */
  #refuseBody(exchange: Poll, status: number): void {
    this.#respond(exchange, status, exchange.request.httpVersionMajor === 1 ? { Connection: "close" } : {});
  }

  #deliverAll(body: Buffer, asBytes: boolean): void {
    let packets: Packet[];
    try {
      packets = this.#codec.decode(asBytes ? body : readText(body), this.#options.maxPayloadPackets);
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

  /** Ends the session; a parked poll is told so, but not by a client that has just said so itself. */
  #end(reason: "transport close" | "transport error" | "parse error", description?: unknown): void {
    this.#closeTimeout?.cancel();
    // Before the handler hears of it: the session lets go of the transport, which releases the poll as if all were well.
    if (this.#poll !== undefined) this.send([{ type: reason === "transport close" ? "noop" : "close" }]);
    this.end(reason, description);
  }

  #mayCompress(body: MessageData): boolean {
    const { compression = false } = this.#options;
    return compression !== false && Buffer.byteLength(body) >= compression.threshold;
  }

  #answerCompressed(poll: Poll, encoding: ContentEncoding, headers: Headers, body: MessageData): void {
    compress(Buffer.from(body as string), encoding, this.#options.compression || {}, (error, encoded) => {
      if (poll.response.destroyed) return;
      if (error === null) this.#answer(poll, { ...headers, "Content-Encoding": encoding }, encoded);
      else this.#answer(poll, headers, body);
    });
  }

  #answer(exchange: Poll, headers: Headers, body: MessageData): void {
    // Listeners of "headers" know it by this name.
    this.#respond(exchange, 200, { "cache-control": "no-store", ...headers }, body);
  }

  #respond(
    { request, response }: Poll,
    status: number,
    headers: OutgoingHttpHeaders = {},
    body: MessageData = "",
  ): void {
    this.#options.decorate(headers, request);
    headers["Content-Length"] = Buffer.byteLength(body);
    response.writeHead(status, headers);
    response.end(body);
  }
}

function onPollClose(this: ServerResponse): void {
  (this as OwnedResponse)[OWNER].onPollClosed(this);
}

type Headers = Readonly<Record<string, string>>;

const HTML: Headers = { "Content-Type": "text/html" };

/** How a poll wants to be answered; undefined for as it is. */
function encodingFor({ headers }: IncomingMessage): ContentEncoding | undefined {
  return chooseEncoding(headers["accept-encoding"]?.toString(), ENCODINGS);
}

function isCompressible({ options }: Packet): boolean {
  return options?.compress !== false;
}

/** @throws EngineError `ENGINE_BAD_PAYLOAD` for what is no UTF-8: replacing it would change what the client said. */
function readText(body: Buffer): string {
  if (!isUtf8(body)) throw new EngineError("ENGINE_BAD_PAYLOAD", { values: { detail: "not UTF-8" } });
  return body.toString();
}

function isBytes({ headers }: IncomingMessage): boolean {
  return headers["content-type"] === "application/octet-stream";
}
