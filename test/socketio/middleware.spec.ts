import { setImmediate as nextTurn } from "node:timers/promises";
import { runChain, type Next, type Refused } from "../../src/socketio/middleware.js";

type Link = (subject: string, next: Next) => unknown;

interface Outcome {
  /** What `done` was called with, call by call. */
  readonly calls: (Refused | undefined)[];
  /** What was thrown by middlewares that had called `next`. */
  readonly late: unknown[];
}

function begin(chain: Link[]): Outcome {
  const outcome: Outcome = { calls: [], late: [] };
  runChain(chain, "subject", {
    done: (refused) => outcome.calls.push(refused),
    onLateError: (error) => outcome.late.push(error),
  });
  return outcome;
}

async function outcomeOf(...chain: Link[]): Promise<Outcome> {
  const outcome = begin(chain);
  await nextTurn();
  return outcome;
}

async function run(...chain: Link[]): Promise<(Refused | undefined)[]> {
  return (await outcomeOf(...chain)).calls;
}

const pass: Link = (_subject, next) => {
  next();
};

const thrower = (thrown: unknown): Link => {
  return () => {
    throw thrown;
  };
};

const why = new TypeError("why");

describe("a chain of middlewares", () => {
  it("lets pass when it is empty", async () => {
    expect(await run()).toEqual([undefined]);
  });

  it("lets pass at once when all of them do", () => {
    expect(begin([pass, pass]).calls).toEqual([undefined]);
  });

  it("runs in order, each after the one before, on the same subject", async () => {
    const order: string[] = [];
    const calls = await run(
      (subject, next) => {
        order.push(`slow ${subject}`);
        setImmediate(next);
      },
      (subject, next) => {
        order.push(`fast ${subject}`);
        next();
      },
    );
    await nextTurn();

    expect(order).toEqual(["slow subject", "fast subject"]);
    expect(calls).toEqual([undefined]);
  });

  it("stops at the first refusal", async () => {
    const after = jest.fn();
    const calls = await run(pass, (_subject, next) => next(why), after);

    expect(calls).toEqual([{ error: why, threw: false }]);
    expect(after).not.toHaveBeenCalled();
  });

  it.each<[how: string, link: Link]>([
    ["throws", thrower(why)],
    ["rejects", () => Promise.reject(why)],
    [
      "rejects with a promise that is not one",
      () => ({ then: (_: unknown, reject: (error: Error) => void) => reject(why) }),
    ],
  ])("is refused by a fault when one %s", async (_how, link) => {
    expect(await run(pass, link)).toEqual([{ error: why, threw: true }]);
  });

  it.each<[what: string, refusal: unknown, message: string]>([
    ["text", "no", "no"],
    ["a number", 7, "7"],
    ["an object without a message", Object.create(null), "[object Object]"],
  ])("takes %s for an error with that text", async (_what, refusal, message) => {
    const expected = expect.objectContaining({ code: "SOCKET_REFUSED", message }) as Error;

    expect(await run((_subject, next) => next(refusal as Error))).toEqual([{ error: expected, threw: false }]);
    expect(await run(thrower(refusal))).toEqual([{ error: expected, threw: true }]);
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- user code may
    expect(await run(() => Promise.reject(refusal))).toEqual([{ error: expected, threw: true }]);
  });

  it("keeps an object with a message as it is", async () => {
    const refusal = { message: "no", data: { code: 7 } } as unknown as Error;

    expect(await run((_subject, next) => next(refusal))).toEqual([{ error: refusal, threw: false }]);
  });

  it.each<[what: string, late: unknown[], link: Link]>([
    [
      "next twice",
      [],
      (_subject, next) => {
        next();
        next();
      },
    ],
    [
      "next, then next with an error",
      [],
      (_subject, next) => {
        next();
        next(why);
      },
    ],
    [
      "next, then throws",
      [why],
      (_subject, next) => {
        next();
        throw why;
      },
    ],
    [
      "next, then rejects",
      [why],
      async (_subject, next) => {
        next();
        throw why;
      },
    ],
  ])("counts one answer of a middleware that calls %s, and tells what it threw", async (_what, late, link) => {
    const second = jest.fn(pass);

    expect(await outcomeOf(link, second)).toEqual({ calls: [undefined], late });
    expect(second).toHaveBeenCalledTimes(1);
  });

  it("counts a throw, and not the next that comes after it", async () => {
    const link: Link = (_subject, next) => {
      setImmediate(next);
      throw why;
    };
    const calls = await run(link);
    await nextTurn();

    expect(calls).toEqual([{ error: why, threw: true }]);
  });

  it("is what it was when it began", async () => {
    const chain: Link[] = [];
    chain.push((_subject, next) => {
      chain.push(thrower(why));
      next();
    });

    expect(await run(...chain)).toEqual([undefined]);
    expect(begin([...chain]).calls).toEqual([{ error: why, threw: true }]);
  });

  it("waits for ever for a middleware that never answers", async () => {
    expect(await run(() => undefined)).toEqual([]);
  });
});
