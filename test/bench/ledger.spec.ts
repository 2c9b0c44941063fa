import { Ledger } from "../../bench/load/ledger.js";

describe("Ledger", () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it("settles when the last reply is there", async () => {
    const ledger = new Ledger();
    ledger.owe(2);
    const settled = ledger.settled();
    ledger.receive(1);
    ledger.receive(1);
    await expect(settled).resolves.toBeUndefined();
    expect(ledger.received).toBe(2);
  });

  it("fails when replies stay out", async () => {
    jest.useFakeTimers();
    const ledger = new Ledger();
    ledger.owe(3);
    ledger.receive(1);
    const settled = ledger.settled();
    jest.advanceTimersByTime(10_000);
    await expect(settled).rejects.toThrow("Received 1 of 3 replies.");
  });

  it("fails when more comes than was asked for", async () => {
    const ledger = new Ledger();
    ledger.owe(1);
    ledger.receive(2);
    await expect(ledger.settled()).rejects.toThrow("more than it was asked for");
  });

  it("keeps the first failure, whether or not somebody waits yet", async () => {
    const early = new Ledger();
    early.fail(new RangeError("first"));
    early.fail(new RangeError("second"));
    await expect(early.settled()).rejects.toThrow("first");

    const late = new Ledger();
    late.owe(1);
    const settled = late.settled();
    late.fail(new RangeError("lost"));
    await expect(settled).rejects.toThrow("lost");
  });
});
