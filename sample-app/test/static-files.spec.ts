import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { serveFolder } from "../src/static-files.js";

describe("serveFolder", () => {
  let outside: string;
  let server: Server;

  beforeAll(async () => {
    outside = await mkdtemp(join(tmpdir(), "static-files-"));
    const folder = join(outside, "public");
    await mkdir(join(folder, "views"), { recursive: true });
    await writeFile(join(outside, "secret.html"), "secret");
    await writeFile(join(folder, "index.html"), "<!doctype html>");
    await writeFile(join(folder, "views", "log.js"), "export {};");
    await writeFile(join(folder, ".env"), "secret");
    server = createServer(await serveFolder(pathToFileURL(`${folder}/`))).listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  afterAll(async () => {
    server.close();
    await rm(outside, { recursive: true });
  });

  it.each([
    ["/", "text/html; charset=utf-8", "<!doctype html>"],
    ["/index.html?from=bookmark", "text/html; charset=utf-8", "<!doctype html>"],
    ["/views/log.js", "text/javascript; charset=utf-8", "export {};"],
  ])("answers %s as %s", async (path, type, body) => {
    const response = await get(path);

    expect(response.status).toBe(200);
    expect(response.headers["content-type"]).toBe(type);
    expect(response.body).toBe(body);
  });

  it.each(["/../secret.html", "/%2e%2e/secret.html", "/views/../../secret.html", "//secret.html", "/.env", "/views"])(
    "does not find %s",
    async (path) => {
      expect(await get(path)).toMatchObject({ status: 404, body: "Not found\n" });
    },
  );

  it("lets the page load nothing from elsewhere and run no inline script", async () => {
    const { headers } = await get("/");

    expect(headers["content-security-policy"]).toContain("default-src 'self';");
    expect(headers["content-security-policy"]).not.toContain("unsafe");
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  it("answers 304 to a browser that has the file already", async () => {
    const { headers } = await get("/");

    expect(await get("/", { headers: { "if-none-match": headers.etag } })).toMatchObject({ status: 304, body: "" });
  });

  it("answers HEAD without a body and refuses what would change something", async () => {
    expect(await get("/", { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    expect(await get("/", { method: "POST" })).toMatchObject({ status: 405 });
  });

  /** By hand, because fetch() tidies the path before it sends it. */
  async function get(path: string, options: { method?: string; headers?: Record<string, string | undefined> } = {}) {
    const { port } = server.address() as AddressInfo;
    const call = request({ host: "127.0.0.1", port, path, agent: false, ...options }).end();
    const [response] = (await once(call, "response")) as [IncomingMessage];
    let body = "";
    for await (const chunk of response) body += String(chunk);
    return { status: response.statusCode, headers: response.headers, body };
  }
});
