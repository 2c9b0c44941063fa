import { GatewayException } from "rookery";
import type { Socket } from "rookery/core";
import { ErrorReporter } from "../../../src/framework/pipeline/error-reporter.js";
import { Lanes, type Job } from "../../../src/framework/pipeline/lanes.js";
import { deferred } from "../../support/waiting.js";
import { ManualClock } from "../support/manual-clock.js";

describe("lanes", () => {
  const socket = { id: "a" } as Socket;
  const warnings: unknown[] = [];
  const clock = new ManualClock();
  const diary: string[] = [];

  function lanes(maxWaiting = 10): Lanes {
    const warn = (message: string, fields: unknown): number => warnings.push([message, fields]);
    const logger = { debug: warn, info: warn, warn, error: warn };
    return new Lanes({ maxWaiting, clock, reporter: new ErrorReporter(logger) });
  }

  function job(label: string, pending?: Promise<unknown>): Job {
    return {
      socket,
      label,
      run: () => {
        diary.push(label);
        return pending?.then(() => undefined);
      },
    };
  }

  beforeEach(() => {
    warnings.length = 0;
    diary.length = 0;
  });

  it("run a job at once when the socket is free", () => {
    const lane = lanes();
    lane.submit(job("first"));
    lane.submit(job("second"));
    expect(diary).toEqual(["first", "second"]);
  });

  it("always find room for a job that cannot be refused", async () => {
    const gate = deferred<undefined>();
    const lane = lanes(0);
    const refused = jest.fn();
    lane.submit(job("first", gate.promise));
    lane.submit({ ...job("event"), refuse: refused });
    lane.submit(job("disconnect"));
    expect(refused).toHaveBeenCalledTimes(1);
    gate.resolve(undefined);
    await lane.whenIdle();
    expect(diary).toEqual(["first", "disconnect"]);
  });

  it("are idle when nothing runs, waits or was started past the queue", async () => {
    const [queued, detached] = [deferred<undefined>(), deferred<undefined>()];
    const lane = lanes();
    await lane.whenIdle();
    lane.submit(job("queued", queued.promise));
    lane.runDetached(job("detached", detached.promise));
    const idle = lane.whenIdle().then(() => diary.push("idle"));
    queued.resolve(undefined);
    await queued.promise;
    diary.push("queued has ended");
    detached.resolve(undefined);
    await idle;
    expect(diary).toEqual(["queued", "detached", "queued has ended", "idle"]);
  });

  it("name a job, once, that keeps others waiting for over a second", async () => {
    const lane = lanes();
    for (const waitMs of [990, 1_000, 2_000]) {
      const gate = deferred<undefined>();
      lane.submit(job("ChatGateway.send", gate.promise));
      clock.advance(5_000);
      lane.submit(job("ChatGateway.join"));
      clock.advance(waitMs);
      gate.resolve(undefined);
      await lane.whenIdle();
    }
    expect(warnings).toEqual([
      ["ChatGateway.send keeps other events of its socket waiting for over a second (said once)", { waiting: 1 }],
    ]);
  });

  it("run the last job of a socket after those beside its order, too", async () => {
    const [aside, ordered] = [deferred<undefined>(), deferred<undefined>()];
    const lane = lanes();
    const table = lane.addTable(2);
    lane.submitAside(job("aside", aside.promise), table);
    lane.submitAside(job("beside", ordered.promise), table);
    lane.submit(job("ordered"));
    lane.submitLast(job("last"));
    ordered.resolve(undefined);
    await ordered.promise;
    diary.push("one of two has ended");
    aside.resolve(undefined);
    await lane.whenIdle();

    expect(diary).toEqual(["aside", "beside", "ordered", "one of two has ended", "last"]);
  });

  it("run as many jobs of a key at once as their table allows", async () => {
    const gates = [deferred<undefined>(), deferred<undefined>(), deferred<undefined>()];
    const lane = lanes();
    const table = lane.addTable(2);
    gates.forEach((gate, index) => table.submit("key", job(String(index), gate.promise)));
    table.submit("other key", job("other"));
    expect(diary).toEqual(["0", "1", "other"]);
    gates[1]?.resolve(undefined);
    await gates[1]?.promise;
    await Promise.resolve();
    expect(diary).toEqual(["0", "1", "other", "2"]);

    for (const gate of gates) gate.resolve(undefined);
    await lane.whenIdle();
    expect(table.isIdle).toBe(true);
  });

  it("cancel whatever runs or waits, detached or not", () => {
    const lane = lanes();
    const cancelled: string[] = [];
    const endless = (label: string): Job => ({
      ...job(label, new Promise(() => undefined)),
      cancel: ({ code }) => void cancelled.push(`${label} ${code}`),
    });
    lane.submit(endless("running"));
    lane.submit(endless("waiting"));
    lane.submitLast(endless("last"));
    lane.submitAside(endless("aside"), lane.addTable(1));
    lane.runDetached(endless("detached"));
    lane.cancelAll(new GatewayException("SHUTTING_DOWN"));

    expect(cancelled.toSorted()).toEqual(
      ["running", "waiting", "last", "aside", "detached"].map((label) => `${label} SHUTTING_DOWN`).toSorted(),
    );
  });
});
