import { EventEmitter } from "node:events";
import { setImmediate as nextTurn, setTimeout as later } from "node:timers/promises";
import { isThenable } from "../../src/core.js";
import { callListener, deliver } from "../../src/socketio/typed-emitter.js";
import { RecordingLogger } from "../support/recording-logger.js";

let log: RecordingLogger;
let emitter: EventEmitter;

beforeEach(() => {
  log = new RecordingLogger();
  emitter = new EventEmitter();
});

describe("deliver", () => {
  it("calls the listeners in order, with the emitter for their this", () => {
    const heard: unknown[] = [];
    emitter.on("say", function (this: unknown, ...args: unknown[]) {
      heard.push(this, args);
    });
    emitter.on("say", () => heard.push("second"));

    expect(deliver(emitter, "say", [1, 2], log)).toBe(true);
    expect(heard).toEqual([emitter, [1, 2], "second"]);
  });

  it("tells when nobody listens, also to error", () => {
    expect(deliver(emitter, "say", [], log)).toBe(false);
    expect(deliver(emitter, "error", [new Error("nobody hears")], log)).toBe(false);
    expect(log.lines).toEqual([]);
  });

  it("calls a listener of once once", () => {
    const listener = jest.fn();
    emitter.once("say", listener);
    deliver(emitter, "say", [1], log);
    deliver(emitter, "say", [2], log);

    expect(listener.mock.calls).toEqual([[1]]);
  });

  it("goes on after a listener that throws or rejects, and logs why", async () => {
    const last = jest.fn();
    emitter.on("say", () => {
      throw new TypeError("thrown");
    });
    emitter.on("say", jest.fn().mockRejectedValue(new TypeError("rejected")));
    emitter.on("say", last);
    deliver(emitter, "say", [1], log);
    await nextTurn();

    expect(last).toHaveBeenCalledWith(1);
    expect(log.lines).toEqual(Array(2).fill('error a listener of "say" threw'));
    expect(log.errors).toEqual([new TypeError("thrown"), new TypeError("rejected")]);
  });

  it("calls the listeners that were there when it began", () => {
    const late = jest.fn();
    emitter.on("say", () => {
      emitter.on("say", late);
    });
    deliver(emitter, "say", [], log);

    expect(late).not.toHaveBeenCalled();
  });
});

describe("callListener", () => {
  it("survives what is no function", () => {
    callListener("nonsense", { emitter, event: "say", args: [], logger: log });

    expect(log.lines).toEqual(['error a listener of "say" threw']);
  });
});

describe("isThenable", () => {
  it.each<[what: string, value: unknown, expected: boolean]>([
    ["a promise", Promise.resolve(), true],
    ["a promise of node's own", later(0), true],
    ["an object with then", { then: () => undefined }, true],
    ["an object without a prototype, with then", Object.assign(Object.create(null), { then: () => undefined }), true],
    ["a function with then", Object.assign(() => undefined, { then: () => undefined }), true],
    ["a then that is no function", { then: 1 }, false],
    ["text", "then", false],
    ["null", null, false],
    ["undefined", undefined, false],
    ["a number", 7, false],
  ])("of %s", (_what, value, expected) => {
    expect(isThenable(value)).toBe(expected);
  });
});
