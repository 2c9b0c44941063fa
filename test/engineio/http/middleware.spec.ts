import { ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { runMiddlewares, type Middleware } from "../../../src/engineio/http/middleware.js";
import { httpRequest } from "../../support/http-request.js";

const request = httpRequest("/");

/** Runs the middlewares; what `done` was called with, call by call. */
async function run(...middlewares: Middleware[]): Promise<unknown[][]> {
  const calls: unknown[][] = [];
  runMiddlewares(middlewares, request, new ServerResponse(request), (...args) => calls.push(args));
  await nextTurn();
  return calls;
}

describe("runMiddlewares", () => {
  it("is done at once when there are none", async () => {
    expect(await run()).toEqual([[]]);
  });

  it("runs them in order, each after the one before", async () => {
    const order: string[] = [];
    const calls = await run(
      (_request, _response, next) => {
        order.push("first");
        setImmediate(next);
      },
      async (_request, _response, next) => {
        order.push("second");
        next();
      },
    );
    await nextTurn();

    expect(order).toEqual(["first", "second"]);
    expect(calls).toEqual([[]]);
  });

  it("hands each the request and the response", async () => {
    const seen: unknown[] = [];
    await run((req, res, next) => {
      seen.push(req, res instanceof ServerResponse);
      next();
    });

    expect(seen).toEqual([request, true]);
  });

  it.each<[how: string, middleware: Middleware]>([
    ["calls next with it", (_request, _response, next) => next(new TypeError("why"))],
    [
      "throws it",
      () => {
        throw new TypeError("why");
      },
    ],
    ["rejects with it", () => Promise.reject(new TypeError("why"))],
  ])("stops at the error of one that %s", async (_how, middleware) => {
    const after = jest.fn();

    expect(await run(middleware, after)).toEqual([[new TypeError("why")]]);
    expect(after).not.toHaveBeenCalled();
  });

  it.each<[how: string, middleware: Middleware]>([
    [
      "throws",
      () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- user code may
        throw undefined;
      },
    ],
    [
      "throws an empty text, which is",
      () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- user code may
        throw "";
      },
    ],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- user code may
    ["rejects with", () => Promise.reject()],
  ])("does not take for a pass that one %s nothing", async (_how, middleware) => {
    expect(await run(middleware)).toEqual([["no reason given"]]);
  });

  it.each([null, false, 0, ""])("goes on after next(%p), as express does", async (nothing) => {
    expect(await run((_request, _response, next) => next(nothing))).toEqual([[]]);
  });

  it("counts the first call of next only", async () => {
    const calls = await run((_request, _response, next) => {
      next();
      next(new TypeError("why"));
      next();
      throw new TypeError("late");
    });

    expect(calls).toEqual([[]]);
  });

  it("is not done when one answers by itself", async () => {
    const calls = await run((_request, response) => {
      response.end("no");
    });

    expect(calls).toEqual([]);
  });

  it("is not done when one answers and then goes on or fails", async () => {
    const answer: Middleware = async (_request, response, next) => {
      response.writeHead(401).end();
      next();
      throw new TypeError("why");
    };

    expect(await run(answer)).toEqual([]);
  });
});
