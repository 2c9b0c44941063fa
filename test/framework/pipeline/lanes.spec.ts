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
    for (const waitMs of [1_000, 1_500, 2_000]) {
      const gate = deferred<undefined>();
      lane.submit(job("ChatGateway.send", gate.promise));
      clock.advance(5_000);
      lane.submit(job("ChatGateway.join"));
      clock.advance(waitMs);
      gate.resolve(undefined);
      await lane.whenIdle();
    }
    expect(warnings).toEqual([
      ["ChatGateway.send keeps other events of its socket waiting (said once)", { waitedMs: 1_500, waiting: 1 }],
    ]);
  });
});
