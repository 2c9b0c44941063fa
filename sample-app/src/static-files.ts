import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { RequestListener, ServerResponse } from "node:http";
import { extname } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

const SECURITY_HEADERS = {
  "Content-Security-Policy":
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

interface StaticFile {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Serves the files of one folder and its subfolders, read once at the start: a request's path is looked up in a map and
 * never reaches the file system.
 */
export async function serveFolder(folder: URL): Promise<RequestListener> {
  const files = await readFiles(folder);
  return (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      refuse(response, 405);
      return;
    }
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const file = files.get(path === "/" ? "/index.html" : path);
    if (file === undefined) refuse(response, 404);
    else if (request.headers["if-none-match"] === file.headers["ETag"]) response.writeHead(304, file.headers).end();
    else response.writeHead(200, file.headers).end(request.method === "HEAD" ? undefined : file.body);
  };
}

async function readFiles(folder: URL): Promise<Map<string, StaticFile>> {
  const names = await readdir(folder, { recursive: true });
  const paths = names.map((name) => name.replaceAll("\\", "/")).filter((name) => extname(name) in TYPES);
  const files = paths.map(async (path) => [`/${path}`, describe(path, await readFile(new URL(path, folder)))] as const);
  return new Map(await Promise.all(files));
}

function describe(path: string, body: Buffer): StaticFile {
  const headers = {
    ...SECURITY_HEADERS,
    "Content-Type": TYPES[extname(path)] ?? "application/octet-stream",
    "Content-Length": String(body.length),
    "Cache-Control": "no-cache",
    ETag: `"${createHash("sha256").update(body).digest("base64url")}"`,
  };
  return { body, headers };
}

function refuse(response: ServerResponse, status: 404 | 405): void {
  const headers = { ...SECURITY_HEADERS, "Content-Type": "text/plain; charset=utf-8" };
  response.writeHead(status, headers).end(status === 404 ? "Not found\n" : "Method not allowed\n");
}
