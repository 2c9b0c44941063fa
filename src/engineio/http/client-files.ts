import { readFileSync } from "node:fs";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseRange, type ByteRange } from "./byte-range.js";
import { chooseEncoding, type ContentEncoding } from "./compression.js";
import { corsMiddleware, type CorsSetting } from "./cors.js";
import { EncodedFiles } from "./encoded-files.js";
import type { Middleware } from "./middleware.js";

/** What the package socket.io-client offers to browsers; nothing else is ever read from disk. */
const FILES: ReadonlySet<string> = new Set(
  ["socket.io.js", "socket.io.min.js", "socket.io.esm.min.js", "socket.io.msgpack.min.js"].flatMap((file) => [
    file,
    `${file}.map`,
  ]),
);

/** The best first. */
const ENCODINGS: readonly ContentEncoding[] = ["br", "gzip", "deflate"];

interface ClientPackage {
  readonly files: EncodedFiles;
  readonly etag: string;
}

interface Reply {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer;
}

/** Serves the browser client from the installed package socket.io-client; without that package, nothing. */
export class ClientFiles {
  readonly #prefix: string;
  readonly #cors: Middleware | undefined;
  readonly #package = findClientPackage();

  /**
   * @param prefix - path of the server with its trailing slash.
   * @param cors - as for all other responses of the server.
   */
  constructor(prefix: string, cors?: CorsSetting) {
    this.#prefix = prefix;
    this.#cors = cors && corsMiddleware(cors);
  }

  /** Whether the request is for a client file. */
  has(request: IncomingMessage): boolean {
    return this.#package !== undefined && this.#fileOf(request) !== undefined;
  }

  /** Answers the request when it is for a client file. */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    const file = this.#fileOf(request);
    if (file === undefined || this.#package === undefined) return false;
    const found = this.#package;
    const answer = (): void => {
      void replyTo(request, file, found).then((reply) => {
        response.writeHead(reply.status, { ...headersOf(file, found, response), ...reply.headers });
        response.end(request.method === "HEAD" ? undefined : reply.body);
      });
    };
    if (this.#cors === undefined) answer();
    else this.#cors(request, response, answer);
    return true;
  }

  #fileOf({ method, url = "" }: IncomingMessage): string | undefined {
    if (method !== "GET" && method !== "HEAD") return undefined;
    const [path = ""] = url.split("?", 1);
    const file = path.slice(this.#prefix.length);
    return path.startsWith(this.#prefix) && FILES.has(file) ? file : undefined;
  }
}

async function replyTo({ headers }: IncomingMessage, file: string, { files, etag }: ClientPackage): Promise<Reply> {
  if (matches(headers["if-none-match"], etag)) return { status: 304 };
  try {
    const whole = await files.read(file);
    const isCurrent = headers["if-range"] === undefined || headers["if-range"] === etag;
    const range = isCurrent ? parseRange(headers.range, whole.length) : undefined;
    if (range !== undefined) return partOf(whole, range);
    const encoding = chooseEncoding(headers["accept-encoding"]?.toString(), ENCODINGS);
    if (encoding === undefined) return complete(whole);
    return complete(await files.readAs(encoding, file), { "Content-Encoding": encoding });
  } catch {
    // Not every version of the client has all of them.
    return { status: 404 };
  }
}

function complete(body: Buffer, headers: OutgoingHttpHeaders = {}): Reply {
  return { status: 200, headers: { ...headers, "Content-Length": body.length }, body };
}

/** A part is one of the bytes as they are on disk, so it is not compressed. */
function partOf(whole: Buffer, range: ByteRange | "unsatisfiable"): Reply {
  const size = String(whole.length);
  if (range === "unsatisfiable") return { status: 416, headers: { "Content-Range": `bytes */${size}` } };
  const { start, end } = range;
  const body = whole.subarray(start, end + 1);
  const headers = { "Content-Range": `bytes ${start}-${end}/${size}`, "Content-Length": body.length };
  return { status: 206, headers, body };
}

function headersOf(file: string, { etag }: ClientPackage, response: ServerResponse): OutgoingHttpHeaders {
  return {
    "Accept-Ranges": "bytes",
    "Cache-Control": "public, max-age=0",
    "Content-Type": `application/${file.endsWith(".map") ? "json" : "javascript"}; charset=utf-8`,
    ETag: etag,
    // Beside what CORS makes it vary by.
    Vary: [response.getHeader("Vary") ?? [], "Accept-Encoding"].flat().join(", "),
  };
}

/** Weak or strong, alone or in a list; `*` stands for any. */
function matches(header: string | undefined, etag: string): boolean {
  const tags = header?.split(",").map((tag) => tag.trim().replace(/^W\//, "")) ?? [];
  return tags.includes(etag) || tags.includes("*");
}

function findClientPackage(): ClientPackage | undefined {
  // From the application's folder: socket.io-client is its dependency, not ours.
  const require = createRequire(join(process.cwd(), "package.json"));
  try {
    const manifest = require.resolve("socket.io-client/package.json");
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    return { files: new EncodedFiles(join(dirname(manifest), "dist")), etag: `"${version}"` };
  } catch {
    return undefined;
  }
}
