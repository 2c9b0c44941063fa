import type { IncomingMessage } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Deadlines } from "../../../src/common/index.js";
import { readBody, type BodyPace } from "../../../src/engineio/http/body.js";
import { httpRequest } from "../../support/http-request.js";
import { closeHttpAfterEach, HttpStage } from "../../support/http.js";
import { ManualClock } from "../../support/manual-clock.js";

closeHttpAfterEach();

function post(headers?: Record<string, string>): IncomingMessage {
  return httpRequest("/", "POST", headers);
}

describe("readBody", () => {
  it("joins what comes in parts", async () => {
    const request = post();
    const body = readBody(request, 10);
    for (const part of ["ab", "", "cd"]) request.push(Buffer.from(part));
    request.push(null);

    expect(await body).toEqual(Buffer.from("abcd"));
  });

  it("does not cut a character that comes in two parts", async () => {
    const request = post();
    const body = readBody(request, 10);
    request.push(Buffer.from("c3", "hex"));
    request.push(Buffer.from("a9", "hex"));
    request.push(null);

    expect(String(await body)).toBe("é");
  });

  it("reads nothing of nothing", async () => {
    const request = post();
    const body = readBody(request, 10);
    request.push(null);

    expect(await body).toEqual(Buffer.alloc(0));
  });

  it.each([
    [10, "xxxxxxxxxx"],
    [11, "too large"],
  ])("takes 10 bytes: of %d it makes %j", async (size, result) => {
    const request = post();
    const body = readBody(request, 10);
    request.push(Buffer.alloc(size, "x"));
    request.push(null);

    expect(String(await body)).toBe(result);
  });

  it("refuses by the announced length, before it reads", async () => {
    expect(await readBody(post({ "content-length": "11" }), 10)).toBe("too large");
  });

  it("stops reading as soon as there is too much", async () => {
    const request = post();
    const body = readBody(request, 10);
    request.push(Buffer.alloc(11));

    expect(await body).toBe("too large");
    expect(["data", "end", "close"].map((event) => request.listenerCount(event))).toEqual([0, 0, 0]);
  });

  it("takes whatever time there is when nobody counts it", async () => {
    const request = post();
    const body = readBody(request, 10);
    await nextTurn();
    request.push("a");
    request.push(null);

    expect(String(await body)).toBe("a");
  });

  describe("in time", () => {
    let clock: ManualClock;
    let pace: BodyPace;

    beforeEach(() => {
      clock = new ManualClock();
      const deadlines = new Deadlines(clock);
      pace = {
        timeoutMs: 25_000,
        minBytesPerSecond: 2,
        after: (delayMs, callback) => deadlines.add(delayMs, callback),
      };
    });

    /** Part after part, one every ten seconds, until the request is settled. */
    const trickle = async (parts: string[]): Promise<string> => {
      const request = post();
      const body = readBody(request, 1_000, pace);
      for (const part of parts) {
        request.push(part);
        await nextTurn();
        clock.advance(10_000);
      }
      request.push(null);
      return String(await body);
    };

    it.each<[parts: string[], result: string]>([
      [["x".repeat(20), "y".repeat(20)], "x".repeat(20) + "y".repeat(20)],
      [["x".repeat(19)], "too slow"],
      [["x".repeat(900), "y"], "too slow"],
      [["x".repeat(20), "x".repeat(20), "x".repeat(20)], "too slow"],
    ])("takes %j to be %.10s", async (parts, result) => {
      expect(await trickle(parts)).toBe(result);
    });

    it("gives up a client that says nothing more", async () => {
      const body = readBody(post({ "content-length": "10" }), 10, pace);
      await nextTurn();
      clock.advance(10_000);

      expect(await body).toBe("too slow");
    });

    it("costs no timer when it comes with its head", async () => {
      const stage = await HttpStage.open((request, response) => {
        void readBody(request, 10, pace).then((body) => response.end(body));
      });
      const timers = jest.spyOn(clock, "setTimeout");

      expect((await stage.send("/", { method: "POST", body: "abc" })).body).toBe("abc");
      expect(timers).not.toHaveBeenCalled();
    });

    it("keeps no timer after it has read, given up or lost a body", async () => {
      const [read, large, aborted] = [post(), post(), post()];
      const bodies = [read, large, aborted].map((request) => readBody(request, 10, pace));
      read.push(null);
      large.push(Buffer.alloc(11));
      aborted.destroy();
      await Promise.all(bodies);

      expect(clock.pendingTimers).toBe(0);
    });
  });

  it("tells when the client breaks off", async () => {
    const request = post({ "content-length": "10" });
    const body = readBody(request, 10);
    request.push(Buffer.from("abc"));
    request.destroy();

    expect(await body).toBe("aborted");
  });
});
