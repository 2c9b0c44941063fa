import { type HealthCheck, Injectable } from "rookery";
import { Application, silentLogger } from "rookery";
import { deferred, until } from "../../support/waiting.js";
import { moduleOf, useApplications, type Running } from "../support/applications.js";
import { ManualClock } from "../support/manual-clock.js";

@Injectable()
class Database {
  isUp: unknown = true;
  asked = 0;
}

@Injectable()
class DatabaseCheck implements HealthCheck {
  readonly name = "database";

  constructor(private readonly database: Database) {}

  check(): unknown {
    this.database.asked++;
    if (this.database.isUp instanceof Error) throw this.database.isUp;
    return this.database.isUp;
  }
}

describe("the health endpoints", () => {
  const run = useApplications();

  const get = async ({ app }: Running, path: string, method = "GET"): Promise<{ status: number; body: string }> => {
    const response = await fetch(`http://127.0.0.1:${app.address().port}${path}`, { method });
    return { status: response.status, body: await response.text() };
  };

  it("are served where the application listens", async () => {
    const running = await run({});

    expect(await get(running, "/health/live")).toEqual({ status: 200, body: '{"status":"live"}' });
    expect(await get(running, "/health/ready?probe=1")).toEqual({ status: 200, body: '{"status":"ready"}' });
    expect(await get(running, "/health/ready", "HEAD")).toEqual({ status: 200, body: "" });
    for (const [path, method] of [
      ["/health", "GET"],
      ["/health/", "GET"],
      ["/health/live/x", "GET"],
      ["/health/live", "POST"],
    ] as const) {
      expect((await get(running, path, method)).status).toBe(404);
    }
  });

  it("may be elsewhere, or nowhere", async () => {
    const elsewhere = await run({}, { health: { path: "/status/" } });
    const nowhere = await run({}, { health: false });

    expect((await get(elsewhere, "/status/live")).status).toBe(200);
    expect((await get(elsewhere, "/health/live")).status).toBe(404);
    expect((await get(nowhere, "/health/live")).status).toBe(404);
  });

  it("ask the checks for readiness, say no more than that to clients, and name what fails in the log, once", async () => {
    const running = await run({ providers: [Database] }, { health: { checks: [DatabaseCheck] } });
    const database = running.app.get(Database);
    expect((await get(running, "/health/ready")).status).toBe(200);
    for (const isUp of [new Error("no connection"), false]) {
      database.isUp = isUp;

      expect(await get(running, "/health/ready")).toEqual({ status: 503, body: '{"status":"not ready"}' });
    }
    expect((await get(running, "/health/live")).status).toBe(200);
    database.isUp = "anything";
    expect((await get(running, "/health/ready")).status).toBe(200);

    expect(running.log.map(({ level, message }) => `${level} ${message}`)).toEqual([
      "warn health check database fails",
      "info health check database is well again",
    ]);
    expect(running.log[0]?.fields).toEqual({ error: expect.objectContaining({ message: "no connection" }) });
  });

  it("share the answer of a check that runs, and give up one that takes too long", async () => {
    const clock = new ManualClock();
    const answer = deferred<unknown>();
    let asked = 0;
    const slow = { name: "slow", check: () => (asked++, answer.promise) };
    const running = await run({}, { clock, health: { checks: [slow], checkTimeout: "3s" } });
    const probes = [1, 2, 3].map(() => running.app.health.readiness());
    await until(() => asked > 0, "the check is asked");
    clock.advance(3_000);

    expect(await Promise.all(probes)).toEqual(Array(3).fill({ isReady: false, failing: ["slow"] }));
    expect(asked).toBe(1);
    expect(running.log[0]?.fields).toMatchObject({
      error: { message: "health check slow has not answered within 3000 ms" },
    });
    answer.resolve(undefined);
    expect(await running.app.health.readiness()).toEqual({ isReady: true, failing: [] });
  });

  it("refuse a path that is none", async () => {
    const created = Application.create(moduleOf({}), { logger: silentLogger, health: { path: "health" } });

    await expect(created).rejects.toThrow('option health.path is "health", expected a path that begins with /');
  });
});

describe("the health of an application", () => {
  it("is ready from the end of the start hooks until it closes", async () => {
    const gate = deferred<undefined>();
    const provider = { provide: "slow start", useValue: { onApplicationBootstrap: () => gate.promise } };
    const app = await Application.create(moduleOf({ providers: [provider] }), { logger: silentLogger });
    const started = app.init();
    expect(await app.health.readiness()).toEqual({ isReady: false, failing: ["starting"] });
    gate.resolve(undefined);
    await started;
    expect(app.health.isServing).toBe(true);
    const closed = app.close();

    expect(await app.health.readiness()).toEqual({ isReady: false, failing: ["shutting down"] });
    await closed;
  });

  it("asks checks that are added later, too", async () => {
    const app = await Application.create(moduleOf({}), { logger: silentLogger });
    await app.init();
    app.health.add({ name: "quota", check: () => false });

    expect(await app.health.readiness()).toEqual({ isReady: false, failing: ["quota"] });
    await app.close();
  });
});
