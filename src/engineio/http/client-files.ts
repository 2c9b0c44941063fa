import { createReadStream, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** What the package socket.io-client offers to browsers; nothing else is ever read from disk. */
const FILES: ReadonlySet<string> = new Set(
  ["socket.io.js", "socket.io.min.js", "socket.io.esm.min.js", "socket.io.msgpack.min.js"].flatMap((file) => [
    file,
    `${file}.map`,
  ]),
);

interface ClientPackage {
  readonly folder: string;
  readonly etag: string;
}

/** Serves the browser client from the installed package socket.io-client; without that package, nothing. */
export class ClientFiles {
  readonly #prefix: string;
  readonly #package = findClientPackage();

  /** @param prefix - path of the server with its trailing slash. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Answers the request when it is for a client file. */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    const file = this.#fileOf(request);
    if (file === undefined || this.#package === undefined) return false;
    const { folder, etag } = this.#package;
    const cached = { "Cache-Control": "public, max-age=0", ETag: etag };
    if (matches(request.headers["if-none-match"], etag)) {
      response.writeHead(304, cached).end();
      return true;
    }
    response.writeHead(200, { ...cached, "Content-Type": typeOf(file) });
    if (request.method === "HEAD") response.end();
    else pipeFile(join(folder, file), response);
    return true;
  }

  #fileOf({ method, url = "" }: IncomingMessage): string | undefined {
    if (method !== "GET" && method !== "HEAD") return undefined;
    const [path = ""] = url.split("?", 1);
    const file = path.slice(this.#prefix.length);
    return path.startsWith(this.#prefix) && FILES.has(file) ? file : undefined;
  }
}

function pipeFile(path: string, response: ServerResponse): void {
  createReadStream(path)
    .on("error", () => response.destroy())
    .pipe(response);
}

function typeOf(file: string): string {
  return `application/${file.endsWith(".map") ? "json" : "javascript"}; charset=utf-8`;
}

/** Weak or strong, alone or in a list. */
function matches(header: string | undefined, etag: string): boolean {
  return header?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag) === true;
}

function findClientPackage(): ClientPackage | undefined {
  // From the application's folder: socket.io-client is its dependency, not ours.
  const require = createRequire(join(process.cwd(), "package.json"));
  try {
    const manifest = require.resolve("socket.io-client/package.json");
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    return { folder: join(dirname(manifest), "dist"), etag: `"${version}"` };
  } catch {
    return undefined;
  }
}
