import { consoleLogger, systemClock } from "../../src/common/index.js";
import type { TransportName } from "../../src/engineio/index.js";
import { resolveEngineOptions } from "../../src/engineio/options.js";

describe("the engine's options", () => {
  it("have engine.io's defaults, and bounds where it has none", () => {
    expect(resolveEngineOptions()).toMatchObject({
      pingTimeout: 20_000,
      pingInterval: 25_000,
      upgradeTimeout: 10_000,
      maxHttpBufferSize: 1_000_000,
      transports: ["polling", "websocket"],
      allowUpgrades: true,
      perMessageDeflate: false,
      httpCompression: { threshold: 1_024 },
      handshakeTimeout: 20_000,
      maxPayloadPackets: 10_000,
      bodyTimeout: 30_000,
      minBodyRate: 100,
      maxStrayPackets: 1_000,
      cookie: false,
      trustProxy: false,
      maxConnections: 1_000_000,
      maxConnectionsPerAddress: 1_000_000,
      maxHandshakesPerSecond: 50_000,
      maxBufferedBytes: 67_108_864,
      maxBufferedPackets: 100_000,
      logger: consoleLogger,
      clock: systemClock,
    });
  });

  it("are what the user gives", () => {
    const cors = { origin: "https://example.com" };

    expect(resolveEngineOptions({ pingTimeout: 1, transports: ["websocket"], cors })).toMatchObject({
      pingTimeout: 1,
      transports: ["websocket"],
      cors,
    });
  });

  it("let one address have all connections unless they say otherwise", () => {
    expect(resolveEngineOptions({ maxConnections: 7 }).maxConnectionsPerAddress).toBe(7);
    expect(resolveEngineOptions({ maxConnections: 7, maxConnectionsPerAddress: 2 })).toMatchObject({
      maxConnections: 7,
      maxConnectionsPerAddress: 2,
    });
  });

  it("have their defaults where the user gives undefined", () => {
    expect(resolveEngineOptions({ pingTimeout: undefined }).pingTimeout).toBe(20_000);
  });

  it.each(["allowRequest", "cookie", "cors", "initialPacket", "perMessageDeflate", "transports", "wsEngine"] as const)(
    "take a null for %s as if it were left out",
    (option) => {
      expect(resolveEngineOptions({ [option]: null })[option]).toEqual(resolveEngineOptions()[option]);
    },
  );

  it.each([
    "pingTimeout",
    "pingInterval",
    "upgradeTimeout",
    "maxHttpBufferSize",
    "maxConnections",
    "maxConnectionsPerAddress",
    "maxHandshakesPerSecond",
    "maxBufferedBytes",
    "maxBufferedPackets",
    "handshakeTimeout",
    "maxPayloadPackets",
    "bodyTimeout",
    "minBodyRate",
    "maxStrayPackets",
  ])("refuse a %s that is no finite number above 0", (option) => {
    for (const value of [-1, 0, Number.NaN, Infinity, "1000", null]) {
      expect(() => resolveEngineOptions({ [option]: value })).toThrow(
        expect.objectContaining({
          code: "ENGINE_BAD_OPTION",
          message: `option ${option} is ${String(value)}, expected a finite number above 0`,
        }),
      );
    }
  });

  it.each([
    [false, false],
    [true, { threshold: 1_024 }],
    [{ threshold: 10 }, { threshold: 10 }],
    [{ zlibDeflateOptions: { level: 9 } }, { threshold: 1_024, zlibDeflateOptions: { level: 9 } }],
  ])("make of perMessageDeflate %j %j", (perMessageDeflate, resolved) => {
    expect(resolveEngineOptions({ perMessageDeflate }).perMessageDeflate).toEqual(resolved);
  });

  it("know WebTransport, which has to be asked for", () => {
    expect(resolveEngineOptions({ transports: ["webtransport"] }).transports).toEqual(["webtransport"]);
  });

  it.each(["pigeon", "constructor", "memory"])("refuse the transport %s", (name) => {
    expect(() => resolveEngineOptions({ transports: [name as TransportName] })).toThrow(
      `option transports is ${name}, expected some of polling, websocket, webtransport`,
    );
  });
});
