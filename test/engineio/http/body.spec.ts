import type { IncomingMessage } from "node:http";
import { readBody } from "../../../src/engineio/http/body.js";
import { httpRequest } from "../../support/http-request.js";

function post(headers?: Record<string, string>): IncomingMessage {
  return httpRequest("/", "POST", headers);
}

describe("readBody", () => {
  it("joins what comes in parts", async () => {
    const request = post();
    const body = readBody(request, 10);
    for (const part of ["ab", "", "cd"]) request.push(Buffer.from(part));
    request.push(null);

    expect(await body).toEqual(Buffer.from("abcd"));
  });

  it("does not cut a character that comes in two parts", async () => {
    const request = post();
    const body = readBody(request, 10);
    request.push(Buffer.from("c3", "hex"));
    request.push(Buffer.from("a9", "hex"));
    request.push(null);

    expect(String(await body)).toBe("é");
  });

  it("reads nothing of nothing", async () => {
    const request = post();
    const body = readBody(request, 10);
    request.push(null);

    expect(await body).toEqual(Buffer.alloc(0));
  });

  it.each([
    [10, "xxxxxxxxxx"],
    [11, "too large"],
  ])("takes 10 bytes: of %d it makes %j", async (size, result) => {
    const request = post();
    const body = readBody(request, 10);
    request.push(Buffer.alloc(size, "x"));
    request.push(null);

    expect(String(await body)).toBe(result);
  });

  it("refuses by the announced length, before it reads", async () => {
    expect(await readBody(post({ "content-length": "11" }), 10)).toBe("too large");
  });

  it("stops reading as soon as there is too much", async () => {
    const request = post();
    const body = readBody(request, 10);
    request.push(Buffer.alloc(11));

    expect(await body).toBe("too large");
    expect(["data", "end", "close"].map((event) => request.listenerCount(event))).toEqual([0, 0, 0]);
  });

  it("tells when the client breaks off", async () => {
    const request = post({ "content-length": "10" });
    const body = readBody(request, 10);
    request.push(Buffer.from("abc"));
    request.destroy();

    expect(await body).toBe("aborted");
  });
});
