import { readFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { publicFolder } from "./public-folder.js";

/** Every file of the page, by path: nothing else is served. */
const FILES = {
  "/": { name: "index.html", type: "text/html; charset=utf-8" },
  "/chat.css": { name: "chat.css", type: "text/css; charset=utf-8" },
  "/chat.js": { name: "chat.js", type: "text/javascript; charset=utf-8" },
};

const HEADERS = {
  "Cache-Control": "no-cache",
  "Content-Security-Policy":
    "default-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
};

/** Reads the page once, and answers requests for it. The client library comes from the Socket.IO server itself. */
export async function servePage(): Promise<RequestListener> {
  const pages = new Map<string, { body: Buffer; type: string }>();
  for (const [path, { name, type }] of Object.entries(FILES)) {
    pages.set(path, { body: await readFile(new URL(name, publicFolder)), type });
  }
  return (request, response) => {
    const page = pages.get(request.url?.split("?", 1)[0] ?? "/");
    if (page === undefined) response.writeHead(404).end();
    else response.writeHead(200, { ...HEADERS, "Content-Type": page.type }).end(page.body);
  };
}
