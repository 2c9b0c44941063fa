import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ClientFiles } from "../../../src/engineio/index.js";
import { closeHttpAfterEach, HttpStage } from "../../support/http.js";

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

  it.each([etag, `W/${etag}`, `"other", ${etag}`, `"other",W/${etag} , "more"`])(
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
