import type { EngineOptions } from "../../../src/engineio/index.js";
import { checksOrigin, isOriginAllowed } from "../../../src/engineio/http/origin.js";
import { httpRequest } from "../../support/http-request.js";

describe("checksOrigin", () => {
  it.each<[options: EngineOptions, checks: boolean]>([
    [{}, false],
    [{ cors: {} }, false],
    [{ cors: { origin: "*" } }, false],
    [{ cors: { origin: true } }, false],
    [{ cors: { origin: (_origin, done) => done(null, true) } }, false],
    [{ cors: (_request, done) => done(null, {}) }, false],
    [{ cors: { origin: "https://a.example" } }, true],
    [{ cors: { origin: ["https://a.example", /\.a\.example$/] } }, true],
    [{ cors: { origin: /\.a\.example$/ } }, true],
    [{ cors: { origin: "https://a.example" }, checkOrigin: false }, false],
    [{ checkOrigin: true }, true],
  ])("with %p is %s", (options, checks) => {
    expect(checksOrigin(options)).toBe(checks);
  });
});

describe("isOriginAllowed", () => {
  const allowed = (origin: string | undefined, granted?: string, host?: string): boolean =>
    isOriginAllowed(
      httpRequest("/", "GET", origin === undefined ? {} : { origin }),
      { "access-control-allow-origin": granted },
      host,
    );

  it.each<[origin: string | undefined, granted: string | undefined, host: string | undefined]>([
    [undefined, undefined, "s.example"],
    ["https://a.example", "https://a.example", "s.example"],
    ["https://a.example", "*", "s.example"],
    ["https://s.example", undefined, "s.example"],
    ["http://s.example:8080", undefined, "S.example:8080"],
  ])("lets the origin %j pass, granted %j, to %j", (origin, granted, host) => {
    expect(allowed(origin, granted, host)).toBe(true);
  });

  it.each<[origin: string, granted: string | undefined, host: string | undefined]>([
    ["https://b.example", "https://a.example", "s.example"],
    ["https://b.example", undefined, "s.example"],
    ["null", undefined, "s.example"],
    ["null", undefined, undefined],
    ["", undefined, undefined],
    ["https://s.example.evil.example", undefined, "s.example"],
    ["https://s.example:444", undefined, "s.example"],
    ["HTTPS://A.example", "https://a.example", "s.example"],
  ])("does not let the origin %j pass, granted %j, to %j", (origin, granted, host) => {
    expect(allowed(origin, granted, host)).toBe(false);
  });
});
