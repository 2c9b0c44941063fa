import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { Server } from "rookery/core";
import { ClientFiles } from "../../../src/engineio/index.js";
import { closeHttpAfterEach, HttpStage, type HttpReply } from "../../support/http.js";
import { nextEvent } from "../../support/waiting.js";

closeHttpAfterEach();

const folder = join(__dirname, "../../../node_modules/socket.io-client");
const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
const etag = `"${version}"`;

let stage: HttpStage;

beforeEach(async () => {
  const files = new ClientFiles("/socket.io/");
  stage = await HttpStage.open((request, response) => {
    if (!files.serve(request, response)) response.writeHead(404).end("not a client file");
  });
});

describe("the client's files", () => {
  it.each([
    ["socket.io.js", "application/javascript; charset=utf-8"],
    ["socket.io.min.js", "application/javascript; charset=utf-8"],
    ["socket.io.esm.min.js", "application/javascript; charset=utf-8"],
    ["socket.io.msgpack.min.js", "application/javascript; charset=utf-8"],
    ["socket.io.js.map", "application/json; charset=utf-8"],
    ["socket.io.min.js.map", "application/json; charset=utf-8"],
  ])("serve %s", async (file, type) => {
    const { status, headers, body } = await stage.send(`/socket.io/${file}`);

    expect(status).toBe(200);
    expect(headers).toMatchObject({ "content-type": type, etag, "cache-control": "public, max-age=0" });
    expect(body).toBe(readFileSync(join(folder, "dist", file), "utf8"));
  });

  it("are served whatever the query", async () => {
    expect((await stage.send("/socket.io/socket.io.min.js?v=1&file=/../x")).status).toBe(200);
  });

  it("have no body for HEAD", async () => {
    const { status, headers, body } = await stage.send("/socket.io/socket.io.js", { method: "HEAD" });

    expect([status, headers.etag, body]).toEqual([200, etag, ""]);
  });

  it("tell their size, with and without a body", async () => {
    const body = readFileSync(join(folder, "dist", "socket.io.js"));
    const got = await stage.send("/socket.io/socket.io.js");
    const head = await stage.send("/socket.io/socket.io.js", { method: "HEAD" });

    expect([got.headers["content-length"], head.headers["content-length"]]).toEqual(Array(2).fill(String(body.length)));
  });

  it.each([etag, `W/${etag}`, "*", `"other", ${etag}`, `"other",W/${etag} , "more"`])(
    "are not sent again to a client that has %s",
    async (tags) => {
      const { status, headers, body } = await stage.send("/socket.io/socket.io.js", {
        headers: { "if-none-match": tags },
      });

      expect([status, headers.etag, body]).toEqual([304, etag, ""]);
    },
  );

  it.each(['"other"', version, `"${version}`, "", "x".repeat(5_000)])(
    "are sent to a client that has %.20s",
    async (tags) => {
      expect((await stage.send("/socket.io/socket.io.js", { headers: { "if-none-match": tags } })).status).toBe(200);
    },
  );

  it.each([
    "/socket.io/",
    "/socket.io/socket.io.esm.js",
    "/socket.io/socket.io.msgpack.js",
    "/socket.io/index.js",
    "/socket.io/../package.json",
    "/socket.io/..%2fpackage.json",
    "/socket.io/dist/socket.io.js",
    "/socket.io/socket.io.js/",
    "/socket.io/constructor",
    "/other/socket.io.js",
    "/socket.io.js",
  ])("do not include %s", async (path) => {
    expect((await stage.send(path)).body).toBe("not a client file");
  });

  describe("compressed", () => {
    const fetchAs = async (
      accepted: string,
      file = "socket.io.min.js",
    ): Promise<{ encoding: unknown; body: Buffer }> => {
      const options = { port: stage.port, host: "127.0.0.1", path: `/socket.io/${file}`, agent: false };
      const outgoing = request({ ...options, headers: { "accept-encoding": accepted } }).end();
      const [response] = (await nextEvent(outgoing, "response")) as [IncomingMessage];
      expect(response.headers.vary).toBe("Accept-Encoding");
      return { encoding: response.headers["content-encoding"], body: await buffer(response) };
    };

    it.each([
      ["gzip, deflate, br", "br", brotliDecompressSync],
      ["gzip, deflate", "gzip", gunzipSync],
      ["deflate", "deflate", inflateSync],
    ] as const)("for %s are %s", async (accepted, encoding, decompress) => {
      const whole = readFileSync(join(folder, "dist", "socket.io.min.js"));
      for (const attempt of ["made", "kept"]) {
        const answer = await fetchAs(accepted);

        expect({ attempt, encoding: answer.encoding }).toEqual({ attempt, encoding });
        expect(answer.body.length).toBeLessThan(whole.length / 2);
        expect(decompress(answer.body)).toEqual(whole);
      }
    });

    it("are not for a client that takes no encoding", async () => {
      expect((await fetchAs("identity")).encoding).toBeUndefined();
    });
  });

  describe("in part", () => {
    const whole = readFileSync(join(folder, "dist", "socket.io.js"));
    const part = (headers: Record<string, string>): Promise<HttpReply> =>
      stage.send("/socket.io/socket.io.js", { headers: { "accept-encoding": "gzip", ...headers } });

    it.each([
      ["bytes=0-99", 0, 99],
      [`bytes=${whole.length - 10}-`, whole.length - 10, whole.length - 1],
      ["bytes=-5", whole.length - 5, whole.length - 1],
    ])("are sent for %s, uncompressed", async (range, start, end) => {
      const { status, headers, body } = await part({ range });

      expect(status).toBe(206);
      expect(headers["content-range"]).toBe(`bytes ${start}-${end}/${whole.length}`);
      expect(headers["content-encoding"]).toBeUndefined();
      expect(body).toBe(whole.subarray(start, end + 1).toString());
    });

    it("are refused for what lies outside", async () => {
      const { status, headers, body } = await part({ range: "bytes=99999999-" });

      expect([status, headers["content-range"], body]).toEqual([416, `bytes */${whole.length}`, ""]);
    });

    it.each<Record<string, string>>([
      { range: "bytes=0-1,4-5" },
      { range: "lines=1-2" },
      { range: "bytes=0-9", "if-range": '"other"' },
    ])("are sent whole for %j", async (headers) => {
      expect((await part({ ...headers, "accept-encoding": "identity" })).status).toBe(200);
    });

    it("are sent for a version that is still current", async () => {
      expect((await part({ range: "bytes=0-9", "if-range": etag })).status).toBe(206);
    });
  });

  it("carry the headers of CORS", async () => {
    const files = new ClientFiles("/socket.io/", { origin: ["https://a.example"] });
    const other = await HttpStage.open((incoming, response) => {
      files.serve(incoming, response);
    });
    const { headers } = await other.send("/socket.io/socket.io.js", { headers: { origin: "https://a.example" } });

    expect(headers["access-control-allow-origin"]).toBe("https://a.example");
    expect(headers.vary).toBe("Origin, Accept-Encoding");
  });

  it("are served beside a path that is strict", async () => {
    const other = await HttpStage.open((_request, response) => response.end("the app's"));
    const io = new Server(other.server, { strictPath: true });

    expect((await other.send("/socket.io/socket.io.js")).headers.etag).toBe(etag);
    expect((await other.send("/socket.io/other.js")).body).toBe("the app's");
    await io.close();
  });

  it("are not found when the installed version lacks them", async () => {
    const app = mkdtempSync(join(tmpdir(), "rookery-client-files-"));
    const client = join(app, "node_modules", "socket.io-client");
    mkdirSync(client, { recursive: true });
    writeFileSync(join(app, "package.json"), "{}");
    writeFileSync(join(client, "package.json"), '{ "version": "0.0.1" }');
    jest.spyOn(process, "cwd").mockReturnValue(app);
    const files = new ClientFiles("/socket.io/");
    jest.restoreAllMocks();
    const other = await HttpStage.open((incoming, response) => {
      files.serve(incoming, response);
    });
    const { status, body } = await other.send("/socket.io/socket.io.js");
    rmSync(app, { recursive: true });

    expect([status, body]).toEqual([404, ""]);
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS"])("are not for %s", async (method) => {
    expect((await stage.send("/socket.io/socket.io.js", { method })).status).toBe(404);
  });

  it("are none where socket.io-client is not installed", () => {
    jest.spyOn(process, "cwd").mockReturnValue("/");
    const files = new ClientFiles("/socket.io/");
    jest.restoreAllMocks();

    expect(files.serve({ method: "GET", url: "/socket.io/socket.io.js" } as never, {} as never)).toBe(false);
  });
});
