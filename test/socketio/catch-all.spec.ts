import { setImmediate as nextTurn } from "node:timers/promises";
import { CatchAll } from "../../src/socketio/catch-all.js";
import { RecordingLogger } from "../support/recording-logger.js";

const log = new RecordingLogger();
const socket = {};

describe("catch-all listeners", () => {
  it("hear the name and the arguments, in their order", () => {
    const all = new CatchAll();
    const heard: unknown[][] = [];
    all.append((...args) => heard.push(["second", ...args]));
    all.prepend((...args) => heard.push(["first", ...args]));
    all.notify(socket, ["say", 1, 2], log);

    expect(heard).toEqual([
      ["first", "say", 1, 2],
      ["second", "say", 1, 2],
    ]);
  });

  it("have the socket for their this", () => {
    const all = new CatchAll();
    const seen: unknown[] = [];
    all.append(function (this: unknown) {
      seen.push(this);
    });
    all.notify(socket, ["say"], log);

    expect(seen).toEqual([socket]);
  });

  it("are removed one registration at a time, or all together", () => {
    const all = new CatchAll();
    const [kept, removed] = [jest.fn(), jest.fn()];
    all.append(removed);
    all.append(kept);
    all.append(removed);
    all.remove(removed);
    expect(all.list()).toEqual([kept, removed]);

    all.remove(jest.fn());
    expect(all.list()).toHaveLength(2);
    all.remove();
    expect(all.list()).toEqual([]);
  });

  it("may remove themselves and others while they are called", () => {
    const all = new CatchAll();
    const last = jest.fn();
    const first = jest.fn(() => {
      all.remove();
    });
    all.append(first);
    all.append(last);
    all.notify(socket, ["say"], log);
    all.notify(socket, ["say"], log);

    expect([first.mock.calls, last.mock.calls]).toEqual([[["say"]], [["say"]]]);
  });

  it("do no harm when they throw or reject", async () => {
    const all = new CatchAll();
    const last = jest.fn();
    all.append(() => {
      throw new TypeError("thrown");
    });
    all.append(jest.fn().mockRejectedValue(new TypeError("rejected")));
    all.append(last);
    all.notify(socket, ["say"], log);
    await nextTurn();

    expect(last).toHaveBeenCalledTimes(1);
    expect(log.errors).toEqual([new TypeError("thrown"), new TypeError("rejected")]);
  });
});
