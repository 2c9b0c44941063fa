import { createServer, type RequestListener, type Server as HttpServer } from "node:http";
import { createServer as createSecureServer, type ServerOptions as TlsOptions } from "node:https";
import { GatewayError } from "../errors.js";

/** Where an application listens. */
export interface ListenOptions {
  /** 0 takes any free one. @default 0 */
  readonly port?: number;
  /** Default: every address of the machine. */
  readonly host?: string;
  /** A Unix socket, or a named pipe of Windows, in the place of port and host. */
  readonly path?: string;
  /** How many connections the system keeps waiting. @default 511 */
  readonly backlog?: number;
  /** Certificate, key and whatever else `node:https` takes: with them, `https` and `wss` are served. */
  readonly tls?: TlsOptions;
}

/** How long a request's headers, and all of it, may take. Node's defaults are longer, and may change. */
const TIMEOUTS = { headersTimeout: 30_000, requestTimeout: 60_000 };

/** Makes the application's own HTTP server. */
export function createOwnServer({ tls }: ListenOptions, listener: RequestListener): HttpServer {
  return tls === undefined ? createServer(TIMEOUTS, listener) : createSecureServer({ ...TIMEOUTS, ...tls }, listener);
}

/**
 * Reads what `listen` was given.
 *
 * @param target - a port, also as text such as `process.env.PORT`; a path, which has a slash; or the options.
 * @throws GatewayError `GATEWAY_BAD_OPTION`
 */
export function toListenOptions(target: number | string | ListenOptions, host: string | undefined): ListenOptions {
  if (typeof target === "object") return target;
  if (typeof target === "number" || /^\d+$/.test(target)) {
    return { port: Number(target), ...(host !== undefined && { host }) };
  }
  if (/[\\/]/.test(target)) return { path: target };
  // A file of that name, which is what Node would make of PORT=300O, is not what anybody means.
  const expected = "a number, or the path of a Unix socket such as ./app.sock";
  throw new GatewayError("GATEWAY_BAD_OPTION", { values: { option: "port", value: JSON.stringify(target), expected } });
}

/** @throws GatewayError `GATEWAY_NOT_A_SERVER` for the application of a framework in the place of the server it runs on. */
export function checkServer(server: unknown): void {
  // Koa's has `on` as well, Express's is a function.
  if (typeof server === "object" && server !== null && "on" in server && "address" in server) return;
  throw new GatewayError("GATEWAY_NOT_A_SERVER");
}

/** @throws GatewayError `GATEWAY_PORT_IN_USE`, `GATEWAY_LISTEN_FAILED` */
export function startListening(server: HttpServer, options: ListenOptions): Promise<void> {
  const { port = 0, host, path, backlog } = options;
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => {
      reject(listenError(cause, options));
    };
    server.once("error", fail);
    try {
      server.listen(path === undefined ? { port, host, backlog } : { path, backlog }, () => {
        server.off("error", fail);
        resolve();
      });
    } catch (error) {
      // A port that is no port is thrown, not emitted.
      fail(error as NodeJS.ErrnoException);
    }
  });
}

function listenError(cause: NodeJS.ErrnoException, { port = 0, host, path }: ListenOptions): GatewayError {
  if (cause.code === "EADDRINUSE" && path === undefined) {
    return new GatewayError("GATEWAY_PORT_IN_USE", { values: { port }, cause });
  }
  const address = path ?? (host === undefined ? String(port) : `${host}:${port}`);
  return new GatewayError("GATEWAY_LISTEN_FAILED", { values: { address, detail: cause.message }, cause });
}
