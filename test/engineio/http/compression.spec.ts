import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { promisify } from "node:util";
import {
  chooseEncoding,
  compress,
  resolveCompression,
  type ContentEncoding,
} from "../../../src/engineio/http/compression.js";

const ALL: ContentEncoding[] = ["br", "gzip", "deflate"];

describe("chooseEncoding", () => {
  it.each<[accepted: string | undefined, chosen: ContentEncoding | undefined]>([
    [undefined, undefined],
    ["", undefined],
    ["identity", undefined],
    ["gzip", "gzip"],
    ["GZIP", "gzip"],
    ["deflate", "deflate"],
    ["gzip, deflate, br", "br"],
    ["gzip;q=0.5, deflate;q=0.8", "deflate"],
    ["gzip ; q=0.2 , deflate ; q=0.2", "gzip"],
    ["br;q=0, gzip", "gzip"],
    ["*", "br"],
    ["*;q=0", undefined],
    ["br;q=0, *;q=0.1", "gzip"],
    ["gzip;q=x", undefined],
    ["compress, zstd", undefined],
    [",,;;q=,;q=1", undefined],
  ])("makes of %j %j", (accepted, chosen) => {
    expect(chooseEncoding(accepted, ALL)).toBe(chosen);
  });

  it("chooses only of what is offered", () => {
    expect(chooseEncoding("br, gzip", ["gzip", "deflate"])).toBe("gzip");
  });

  it.each([",", "gzip;q=0.1,", " ", "gzip;q=1;q=1;"])("reads an absurdly long list of %j at once", (part) => {
    const started = performance.now();
    chooseEncoding(part.repeat(16_000 / part.length), ALL);

    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("resolveCompression", () => {
  it.each([
    [false, false],
    [true, { threshold: 1_024 }],
    [{}, { threshold: 1_024 }],
    [{ level: 9 }, { threshold: 1_024, level: 9 }],
    [{ threshold: 0 }, { threshold: 0 }],
  ])("makes of %j %j", (setting, resolved) => {
    expect(resolveCompression(setting)).toEqual(resolved);
  });
});

describe("compress", () => {
  it.each([
    ["br", brotliDecompressSync],
    ["gzip", gunzipSync],
    ["deflate", inflateSync],
  ] as const)("writes %s", async (encoding, decompress) => {
    const body = Buffer.from("a".repeat(5_000));
    const encoded = await promisify(compress)(body, encoding, {});

    expect(encoded.length).toBeLessThan(200);
    expect(decompress(encoded)).toEqual(body);
  });
});
