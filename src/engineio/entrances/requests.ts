import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { admit, type Admission } from "../admission.js";
import { createCookieWriter, type CookieWriter } from "../http/cookie.js";
import { runMiddlewares } from "../http/middleware.js";
import { refuseRequest, type Refusal } from "../http/refusal.js";
import { queryOf } from "../request.js";
import { revision4, revisionOf } from "../revision.js";
import { PollingTransport, type PollingSettings } from "../transports/polling.js";
import { middlewareFailure, SERVER_CLOSED, type EntranceHost } from "./host.js";

/** Where plain HTTP requests come in: those of polling. */
export class RequestEntrance {
  readonly #host: EntranceHost;
  readonly #writeCookie: CookieWriter | undefined;
  readonly #settings: PollingSettings;

  constructor(host: EntranceHost) {
    this.#host = host;
    this.#writeCookie = createCookieWriter(host.options.cookie);
    this.#settings = settingsOf(host);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.#host.isClosed) {
      this.#refuse(request, response, SERVER_CLOSED);
      return;
    }
    // Middlewares look for the parsed query where engine.io keeps it.
    queryOf(request);
    runMiddlewares(this.#host.middlewares, request, response, (error) => {
      if (error !== undefined) this.#refuse(request, response, middlewareFailure(error));
      else this.#admit(request, response);
    });
  }

  #admit(request: IncomingMessage, response: ServerResponse): void {
    admit(request, false, this.#host, (admission) => {
      if (!isOver(request, response)) this.#enter(admission, request, response);
    });
  }

  #enter(admission: Admission, request: IncomingMessage, response: ServerResponse): void {
    if ("refusal" in admission) this.#refuse(request, response, admission.refusal);
    else if ("id" in admission) this.#open(admission.id, request, response);
    else (admission.session.transport as PollingTransport).onRequest(request, response);
  }

  #open(id: string, request: IncomingMessage, response: ServerResponse): void {
    const query = queryOf(request);
    const transport = new PollingTransport({
      ...this.#settings,
      query,
      revision: revisionOf(query, this.#host.revisions) ?? revision4,
      decorate: (headers, of) => {
        if (of === request) this.#addCookie(id, headers, response);
        this.#host.addHeaders(headers, of);
      },
    });
    const isOpen = this.#host.open(id, transport, request, () => {
      transport.onRequest(request, response);
    });
    if (!isOpen && !response.headersSent) this.#refuse(request, response, OPENING_FAILED);
  }

  /** Beside the cookies that middlewares have set, which listeners would replace if they did not see them. */
  #addCookie(id: string, headers: OutgoingHttpHeaders, response: ServerResponse): void {
    const present = response.getHeader("Set-Cookie");
    if (present === undefined && this.#writeCookie === undefined) return;
    headers["Set-Cookie"] = [present ?? [], this.#writeCookie?.(id) ?? []].flat().map(String);
  }

  #refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
    this.#host.report(request, refusal);
    if (!response.headersSent) refuseRequest(response, refusal);
  }
}

function settingsOf({ deadlines, options }: EntranceHost): PollingSettings {
  const after: PollingSettings["after"] = (delayMs, callback) => deadlines.add(delayMs, callback);
  return {
    maxHttpBufferSize: options.maxHttpBufferSize,
    maxPayloadPackets: options.maxPayloadPackets,
    compression: options.httpCompression,
    pace: { timeoutMs: options.bodyTimeout, minBytesPerSecond: options.minBodyRate, after },
    after,
  };
}

const OPENING_FAILED: Refusal = { kind: "BAD_REQUEST", context: { name: "TRANSPORT_HANDSHAKE_ERROR" } };

/** Whether a middleware has answered, or the client has left. A pipelined response has no socket yet, the request has. */
function isOver(request: IncomingMessage, response: ServerResponse): boolean {
  return response.writableEnded || request.socket.destroyed;
}
