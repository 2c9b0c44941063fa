import type { IncomingHttpHeaders } from "node:http";

/** Query parameters of a request; null prototype, the last of duplicate keys wins. */
export type Query = Record<string, string | undefined>;

/**
 * The request that opened a connection: an `http.IncomingMessage`, or as much of one as a transport without HTTP can
 * offer.
 */
export interface EngineRequest {
  readonly headers: IncomingHttpHeaders;
  readonly url?: string | undefined;
  readonly method?: string | undefined;
  readonly socket: { readonly remoteAddress?: string | undefined; readonly encrypted?: boolean };
  /** Parsed once and kept here, where express-style middlewares of engine.io look for it. */
  _query?: Query;
}

/** The request's query, parsed at its first use. */
export function queryOf(request: EngineRequest): Query {
  return (request._query ??= parseQuery(request.url ?? ""));
}

function parseQuery(url: string): Query {
  const query = Object.create(null) as Query;
  const start = url.indexOf("?");
  if (start !== -1) {
    for (const [name, value] of new URLSearchParams(url.slice(start + 1))) query[name] = value;
  }
  return query;
}
