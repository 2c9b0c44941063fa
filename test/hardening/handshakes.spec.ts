import { requestUpgrade } from "../support/raw-upgrade.js";
import { PollingSession, send, type Reply } from "../support/raw-http.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { useSieges, type Siege } from "../support/siege.js";
import { nextEvent, until } from "../support/waiting.js";

const besiege = useSieges();

const POLLING = "EIO=4&transport=polling";
const UPGRADE = "/socket.io/?EIO=4&transport=websocket";

const statusOf = async (siege: Siege, headers: Record<string, string> = {}): Promise<number> =>
  (await send(siege.stage, POLLING, { headers })).status;

const clientsCount = (siege: Siege): number => siege.io.engine.clientsCount;

describe("handshakes", () => {
  it("row 43: 3 000 handshakes from one IP in 1 s", async () => {
    const siege = await besiege({ maxHandshakesPerSecond: 100 });
    const statuses: number[] = [];
    for (let n = 0; n < 150; n += 1) statuses.push(await statusOf(siege));

    // The bystander's was the first.
    expect(statuses.filter((status) => status === 200)).toHaveLength(99);
    expect(statuses.filter((status) => status === 503)).toHaveLength(51);
    siege.clock.advance(1_000);
    expect(await statusOf(siege)).toBe(200);
  });

  it("row 43: 3 000 handshakes from one IP in 1 s (the defaults are met by none)", async () => {
    const siege = await besiege();
    const statuses = new Set<number>();
    for (let n = 0; n < 30; n += 1) {
      for (const { status } of await Promise.all(Array.from({ length: 100 }, () => send(siege.stage, POLLING)))) {
        statuses.add(status);
      }
    }

    expect([...statuses]).toEqual([200]);
    expect(clientsCount(siege)).toBe(3_001);
  });

  it("row 43: 3 000 handshakes from one IP in 1 s (`maxConnectionsPerAddress`, by polling and by WebSocket)", async () => {
    const siege = await besiege({ maxConnectionsPerAddress: 2 });
    const refusals: unknown[] = [];
    siege.io.engine.on("connection_error", ({ code, context }: { code: number; context: unknown }) =>
      refusals.push([code, context]),
    );
    expect(await statusOf(siege)).toBe(200);
    const polled = await send(siege.stage, POLLING);
    const upgraded = await requestUpgrade(siege.stage.port, UPGRADE);

    expect([polled.status, polled.headers["retry-after"], polled.body]).toEqual([
      503,
      "10",
      '{"code":3,"message":"Bad request"}',
    ]);
    expect([upgraded.status, upgraded.body.toString()]).toEqual([503, "Bad request"]);
    expect(upgraded.headers).toContain("Retry-After: 10");
    const refusal = [3, { name: "LIMIT_REACHED", option: "maxConnectionsPerAddress" }];
    expect(refusals).toEqual([refusal, refusal]);
    expect(clientsCount(siege)).toBe(2);
  });

  it("row 43: 3 000 handshakes from one IP in 1 s (`maxConnections` holds while the application is asked)", async () => {
    const replies: (() => void)[] = [];
    const siege = await besiege({ maxConnections: 3 });
    siege.io.engine.opts.allowRequest = (_request, reply) => {
      replies.push(() => {
        reply(null, true);
      });
    };
    const answers = [1, 2, 3, 4].map(() => statusOf(siege));
    await until(() => replies.length === 4, "the application is asked about all");
    for (const reply of replies) reply();

    expect((await Promise.all(answers)).sort()).toEqual([200, 200, 503, 503]);
    expect(clientsCount(siege)).toBe(3);
  });

  it("row 44: 100 000 idle sessions that never poll after handshake", async () => {
    const siege = await besiege({ maxConnections: 20, connectTimeout: 1_000 });
    for (let n = 0; n < 19; n += 1) expect(await statusOf(siege)).toBe(200);
    expect(await statusOf(siege)).toBe(503);
    siege.clock.advance(1_001);
    // They end when they are polled, or are not for this long.
    siege.clock.advance(30_000);
    await until(() => clientsCount(siege) === 1, "the idle sessions are gone");

    expect(await statusOf(siege)).toBe(200);
  });

  it("row 45: sid guessing: 10⁶ random sids", async () => {
    const siege = await besiege({ maxHandshakesPerSecond: 50 });
    const session = await PollingSession.open(siege.stage);
    const guess = (n: number): Promise<Reply> => send(siege.stage, `${POLLING}&sid=${String(n).padStart(20, "A")}`);
    const bodies = new Map<number, string>();
    for (let n = 0; n < 60; n += 1) {
      const { status, body } = await guess(n);
      bodies.set(status, body);
    }

    expect([...bodies]).toEqual([
      [400, '{"code":1,"message":"Session ID unknown"}'],
      [503, '{"code":3,"message":"Bad request"}'],
    ]);
    // Who has a session, or opens one, waits for nobody who guesses.
    expect((await session.post("40")).status).toBe(200);
    expect(await statusOf(siege)).toBe(200);
  });

  it("row 46: foreign client uses a stolen sid", async () => {
    const siege = await besiege({ sessionBinding: ({ headers }) => headers.cookie });
    const refusals: unknown[] = [];
    siege.io.engine.on("connection_error", ({ context }: { context: unknown }) => refusals.push(context));
    const cookie = { cookie: "login=ann" };
    const { body } = await send(siege.stage, POLLING, { headers: cookie });
    const { sid } = JSON.parse(body.slice(1)) as { sid: string };
    const query = `${POLLING}&sid=${sid}`;
    const unknown = '{"code":1,"message":"Session ID unknown"}';

    const foreign: Record<string, string>[] = [{}, { cookie: "login=bob" }];
    for (const headers of foreign) {
      expect((await send(siege.stage, query, { headers })).body).toBe(unknown);
      expect((await send(siege.stage, query, { method: "POST", body: "40", headers })).body).toBe(unknown);
      const upgrade = await requestUpgrade(siege.stage.port, `${UPGRADE}&sid=${sid}`, { headers });
      expect([upgrade.status, upgrade.body.toString()]).toEqual([400, "Session ID unknown"]);
    }
    expect(new Set(refusals.map((context) => JSON.stringify(context)))).toEqual(
      new Set(['{"name":"SESSION_BINDING"}']),
    );
    expect((await send(siege.stage, query, { method: "POST", body: "40", headers: cookie })).body).toBe("ok");
    expect((await send(siege.stage, query, { headers: cookie })).body).toMatch(/^40\{"sid":/);
    const upgrade = await requestUpgrade(siege.stage.port, `${UPGRADE}&sid=${sid}`, { headers: cookie });
    expect(upgrade.status).toBe(101);
    upgrade.socket.destroy();
  });

  it("row 46: foreign client uses a stolen sid (what `sessionBinding` throws lets nobody in)", async () => {
    let isBroken = false;
    const siege = await besiege({
      sessionBinding: () => {
        if (isBroken) throw new Error("no store");
        return "ann";
      },
    });
    const session = await PollingSession.open(siege.stage);
    isBroken = true;
    expect((await session.poll()).body).toBe('{"code":1,"message":"Session ID unknown"}');
    expect(await statusOf(siege)).toBe(400);
    expect(clientsCount(siege)).toBe(2);
    isBroken = false;

    expect((await session.post("40")).body).toBe("ok");
    expect(siege.log.lines).toEqual([
      "error sessionBinding threw; the request is refused",
      "error a connection could not be opened",
    ]);
  });

  it("row 46: foreign client uses a stolen sid (which is not the socket's id, and is not logged)", async () => {
    const siege = await besiege({ maxStrayPackets: 1 });
    const connected = nextEvent(siege.io, "connection");
    const session = await PollingSession.join(siege.stage);
    const [socket] = (await connected) as [{ id: string }];
    const probe = await RawWebSocket.open(siege.stage, `EIO=4&transport=websocket&sid=${session.sid}`);
    const upgraded = until(
      () => siege.io.engine.clients[session.sid]?.transport.name === "websocket",
      "the upgrade is complete",
    );
    probe.send("5");
    await upgraded;
    probe.send('421["q"]', "43[1]", "6", "6", "6");
    await probe.closeCode();

    expect(socket.id).not.toBe(session.sid);
    expect(siege.log.lines.length).toBeGreaterThan(0);
    expect(JSON.stringify([siege.log.lines, siege.log.fields])).not.toContain(session.sid);
  });

  it("row 50: `X-Forwarded-For` spoof", async () => {
    const spoof = (n: number): Record<string, string> => ({ "x-forwarded-for": `203.0.113.${String(n)}` });
    const strict = await besiege({ maxConnectionsPerAddress: 2 });
    expect([await statusOf(strict, spoof(1)), await statusOf(strict, spoof(2))]).toEqual([200, 503]);

    const trusting = await besiege({ maxConnectionsPerAddress: 2, trustProxy: 1 });
    const statuses: number[] = [];
    for (const n of [1, 1, 1, 2]) statuses.push(await statusOf(trusting, spoof(n)));
    expect(statuses).toEqual([200, 200, 503, 200]);
    // The proxy appends whom it got the request from; what stands before is the client's own.
    const list = { "x-forwarded-for": "198.51.100.1, 203.0.113.1" };
    expect(await statusOf(trusting, list)).toBe(503);
  });
});
