import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import type { Server as HttpsServer } from "node:https";
import type { Http2SecureServer, Http2Server } from "node:http2";
import type { Duplex } from "node:stream";
import type { Deadlines } from "../../common/index.js";

/** Servers that the engine attaches to. */
export type HttpServerInstance = HttpServer | HttpsServer | Http2SecureServer | Http2Server;

export interface AttachOptions {
  /** Prefix of the requests that are the engine's. @default "/engine.io" */
  path?: string;
  /** Whether the path must end with a slash. @default true */
  addTrailingSlash?: boolean;
  /** Whether the path must be that alone, not a longer one that begins so. @default false */
  strictPath?: boolean;
  /** Whether upgrades that nobody takes are closed. @default true */
  destroyUpgrade?: boolean;
  /** How long somebody may take one. @default 1_000 ms */
  destroyUpgradeTimeout?: number;
}

/** Who takes the engine's requests. */
export interface AttachedHandler {
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Whether it has a use for upgrades; if not, they stay requests, or whoever listens to them has them. @default true */
  readonly takesUpgrades?: boolean;
  /** Whether a request is its own although a strict path does not say so. */
  takes?(request: IncomingMessage): boolean;
  /** The server has closed. */
  close?(): void;
  /** The server listens, for the first time or again. */
  reopen?(): void;
}

/** The path that requests must begin with. */
export function attachPath({ path = "/engine.io", addTrailingSlash = true }: AttachOptions): string {
  const bare = path.replace(/\/$/, "");
  return addTrailingSlash ? `${bare}/` : bare;
}

/**
 * Puts the engine in front of a server's own listeners: they go on receiving every request that is not the engine's.
 * Listeners added later see all requests, as with engine.io.
 */
export function attachTo(
  server: HttpServerInstance,
  handler: AttachedHandler,
  deadlines: Deadlines,
  options: AttachOptions = {},
): void {
  const prefix = attachPath(options);
  const isOurs = (request: IncomingMessage): boolean =>
    isUnder(prefix, request, options) || handler.takes?.(request) === true;
  const others = server.listeners("request") as ((request: IncomingMessage, response: ServerResponse) => void)[];
  server.removeAllListeners("request");
  server.on("close", () => handler.close?.());
  server.on("listening", () => handler.reopen?.());
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (isOurs(request)) handler.handleRequest(request, response);
    else for (const listener of others) listener.call(server, request, response);
  });
  if (handler.takesUpgrades === false) return;
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isOurs(request)) {
      handler.handleUpgrade(request, socket, head);
      return;
    }
    // Node has taken its own listener away: until somebody else listens, a reset would end the process.
    socket.on("error", ignoreReset);
    if (options.destroyUpgrade !== false) closeIfUntaken(socket, deadlines, options.destroyUpgradeTimeout);
  });
}

function isUnder(prefix: string, { url = "" }: IncomingMessage, { strictPath }: AttachOptions): boolean {
  return strictPath === true ? url.split("?", 1)[0] === prefix : url.startsWith(prefix);
}

function ignoreReset(): void {
  // Who takes the upgrade hears of the error by a listener of its own; before that there is nobody to tell.
}

/** Node leaves an upgrade open for ever when no listener takes it; one that has written something has a taker. */
function closeIfUntaken(socket: Duplex & { bytesWritten?: number }, deadlines: Deadlines, timeoutMs = 1_000): void {
  const deadline = deadlines.add(timeoutMs, () => {
    // Ended alone it stays half open, for ever when the client does not close its half.
    if (socket.writable && (socket.bytesWritten ?? 0) === 0) socket.end(() => socket.destroy());
  });
  socket.once("close", () => {
    deadline.cancel();
  });
}
