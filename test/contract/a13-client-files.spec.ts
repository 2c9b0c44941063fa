import { createRequire } from "node:module";
import { join as joinPath } from "node:path";
import { itIsBetterHere } from "../support/better-here.js";
import { sendTo, type RawRequest, type Reply } from "../support/raw-http.js";
import { useStages } from "../support/stage.js";

const { version } = createRequire(joinPath(process.cwd(), "package.json"))("socket.io-client/package.json") as {
  version: string;
};
const ETAG = `"${version}"`;
const FILES = ["socket.io.js", "socket.io.min.js", "socket.io.esm.min.js", "socket.io.msgpack.min.js"];

const open = useStages();

async function get(file: string, raw?: RawRequest): Promise<Reply> {
  return sendTo(await open({ cors: { origin: "https://a.example" } }), `/socket.io/${file}`, raw);
}

describe("client files", () => {
  it.each(FILES.flatMap((file) => [file, `${file}.map`]))("Files: %s", async (file) => {
    const { status, headers } = await get(file);

    expect(status).toBe(200);
    expect(headers["content-type"]).toBe(`application/${file.endsWith(".map") ? "json" : "javascript"}; charset=utf-8`);
  });

  it("Files: a name that is not in the list goes to the engine", async () => {
    expect((await get("socket.io.esm.js")).body).toBe('{"code":0,"message":"Transport unknown"}');
  });

  it.each([
    ["GET", true],
    ["HEAD", false],
  ])("Any method: %s is answered, with a body: %s", async (method, hasBody) => {
    const { status, body } = await get("socket.io.min.js", { method });

    expect([status, body.length > 0]).toEqual([200, hasBody]);
  });

  itIsBetterHere("Any method: POST is not", async () => {
    expect((await get("socket.io.min.js", { method: "POST" })).status).toBe(400);
  });

  it("Headers: caching, ETag and CORS", async () => {
    const { headers } = await get("socket.io.min.js", { headers: { origin: "https://a.example" } });

    expect(headers).toMatchObject({
      "cache-control": "public, max-age=0",
      etag: ETAG,
      "access-control-allow-origin": "https://a.example",
    });
  });

  it.each([["br"], ["gzip"], ["deflate"]])("Headers: %s when the client accepts it", async (encoding) => {
    const { headers } = await get("socket.io.min.js", { headers: { "accept-encoding": encoding } });

    expect(headers["content-encoding"]).toBe(encoding);
  });

  it.each([ETAG, `W/${ETAG}`])("304: when If-None-Match is %s", async (tag) => {
    const { status, body } = await get("socket.io.min.js", { headers: { "if-none-match": tag } });

    expect([status, body]).toEqual([304, ""]);
  });

  it("304: not when it is another", async () => {
    expect((await get("socket.io.min.js", { headers: { "if-none-match": '"0.0.0"' } })).status).toBe(200);
  });

  itIsBetterHere("304: when it is in a list", async () => {
    const list = `"0.0.0", ${ETAG}`;

    expect((await get("socket.io.min.js", { headers: { "if-none-match": list } })).status).toBe(304);
  });

  itIsBetterHere("304: ranges are served, too", async () => {
    const whole = (await get("socket.io.min.js")).body;
    const { status, headers, body } = await get("socket.io.min.js", { headers: { range: "bytes=0-9" } });

    expect([status, body]).toEqual([206, whole.slice(0, 10)]);
    expect(headers["content-range"]).toMatch(/^bytes 0-9\/\d+$/);
  });

  it("SourceMap: is a comment in the file, not a header", async () => {
    const { headers, body } = await get("socket.io.min.js");

    expect(body).toMatch(/\/\/# sourceMappingURL=socket\.io\.min\.js\.map\s*$/);
    expect(headers.sourcemap).toBeUndefined();
  });

  it("Path escape: falls to the engine", async () => {
    for (const path of ["../package.json", "..%2fpackage.json", "./../../package.json"]) {
      const { status, body } = await get(path);
      expect([status, body]).toEqual([400, '{"code":0,"message":"Transport unknown"}']);
    }
  });
});
