import { ConnectionLimits } from "../../src/engineio/connection-limits.js";
import { EngineServer, type EngineOptions, type EngineRequest, type EngineSocket } from "../../src/engineio/index.js";
import { resolveEngineOptions } from "../../src/engineio/options.js";
import { FakeTransport } from "../support/fake-transport.js";
import { ManualClock } from "../support/manual-clock.js";

const from = (remoteAddress: string, forwarded?: string): EngineRequest => ({
  headers: { ...(forwarded !== undefined && { "x-forwarded-for": forwarded }) },
  socket: { remoteAddress },
});

/** Limits over sessions that the test counts itself. */
function limitsOf(options: EngineOptions, sessions = { size: 0 }): ConnectionLimits {
  return new ConnectionLimits(resolveEngineOptions(options), sessions);
}

describe("the limits of connections", () => {
  it("refuse a handshake beyond maxConnections, for a while", () => {
    const sessions = { size: 1 };
    const limits = limitsOf({ maxConnections: 2 }, sessions);
    expect(limits.refuseHandshake(from("192.0.2.1"))).toBeUndefined();
    sessions.size = 2;

    expect(limits.refuseHandshake(from("192.0.2.1"))).toEqual({
      kind: "BAD_REQUEST",
      status: 503,
      retryAfterSeconds: 10,
      context: { name: "LIMIT_REACHED", option: "maxConnections" },
    });
  });

  it("refuse a handshake of an address beyond maxConnectionsPerAddress, and let the others in", () => {
    const limits = limitsOf({ maxConnectionsPerAddress: 1 });
    limits.onOpen({ remoteAddress: "192.0.2.1" });

    expect(limits.refuseHandshake(from("192.0.2.1"))?.context).toMatchObject({ option: "maxConnectionsPerAddress" });
    expect(limits.refuseHandshake(from("192.0.2.2"))).toBeUndefined();
  });

  it("count IPv6 by the network", () => {
    const limits = limitsOf({ maxConnectionsPerAddress: 1 });
    limits.onOpen({ remoteAddress: "2001:db8:1:2::1" });

    expect(limits.refuseHandshake(from("2001:db8:1:2::2"))).toBeDefined();
    expect(limits.refuseHandshake(from("2001:db8:1:3::1"))).toBeUndefined();
  });

  it("believe the proxies that are trusted", () => {
    const limits = limitsOf({ maxConnectionsPerAddress: 1, trustProxy: 1 });
    limits.onOpen({ remoteAddress: "203.0.113.9" });

    expect(limits.refuseHandshake(from("192.0.2.1", "203.0.113.9"))).toBeDefined();
    expect(limits.refuseHandshake(from("192.0.2.1", "203.0.113.10"))).toBeUndefined();
  });

  it("keep an address as long as it has a session, and none where they are not counted", () => {
    const limits = limitsOf({ maxConnectionsPerAddress: 5 });
    for (const change of ["onOpen", "onOpen", "onEnd"] as const) limits[change]({ remoteAddress: "192.0.2.1" });
    expect(limits.addressCount).toBe(1);
    limits.onEnd({ remoteAddress: "192.0.2.1" });
    expect(limits.addressCount).toBe(0);

    const uncounted = limitsOf({});
    uncounted.onOpen({ remoteAddress: "192.0.2.1" });
    expect(uncounted.addressCount).toBe(0);
  });

  it("refuse handshakes beyond maxHandshakesPerSecond until time has passed", () => {
    const clock = new ManualClock();
    const limits = limitsOf({ maxHandshakesPerSecond: 2, clock });
    const answers = [1, 2, 3].map(() => limits.refuseHandshake(from("192.0.2.1")));
    expect(answers.slice(0, 2)).toEqual([undefined, undefined]);
    expect(answers[2]).toMatchObject({ status: 503, retryAfterSeconds: 1 });
    clock.advance(500);

    expect(limits.refuseHandshake(from("192.0.2.1"))).toBeUndefined();
  });

  it("refuse guesses beyond the same rate, which costs no handshake", () => {
    const limits = limitsOf({ maxHandshakesPerSecond: 1, clock: new ManualClock() });
    expect([limits.refuseGuess(), limits.refuseGuess()]).toEqual([undefined, expect.objectContaining({ status: 503 })]);

    expect(limits.refuseHandshake(from("192.0.2.1"))).toBeUndefined();
  });
});

describe("a connection that comes by accept", () => {
  const accept = (engine: EngineServer, address = "192.0.2.1"): EngineSocket =>
    engine.accept(new FakeTransport("memory"), from(address));

  it.each<[options: EngineOptions, message: string]>([
    [{ maxConnections: 2 }, "no further connection: maxConnections is 2"],
    [{ maxConnectionsPerAddress: 2 }, "no further connection: maxConnectionsPerAddress is 2"],
    [{ maxHandshakesPerSecond: 2 }, "no further connection: maxHandshakesPerSecond is 2"],
  ])("is counted as others are: %j", (options, message) => {
    const engine = new EngineServer({ clock: new ManualClock(), ...options });
    accept(engine);
    accept(engine);

    expect(() => accept(engine)).toThrow(expect.objectContaining({ code: "ENGINE_LIMIT", message }));
    expect(engine.clientsCount).toBe(2);
  });

  it("makes room by its end", () => {
    const engine = new EngineServer({ clock: new ManualClock(), maxConnections: 5, maxConnectionsPerAddress: 1 });
    const first = accept(engine);
    first.close();

    expect(accept(engine).readyState).toBe("open");
  });
});
