import type { EngineSocket } from "../../src/engineio/index.js";
import { recordOf } from "../../src/engineio/sessions.js";
import { openSession } from "../support/engine-session.js";

describe("the record of sessions", () => {
  it("shows those that are there, as they come and go", () => {
    const { socket } = openSession();
    const sessions = new Map<string, EngineSocket>();
    const record = recordOf(sessions);
    expect(Object.keys(record)).toEqual([]);

    sessions.set("a", socket).set("__proto__", socket);
    expect(Object.entries(record)).toEqual([
      ["a", socket],
      ["__proto__", socket],
    ]);
    expect(["a" in record, record.a === socket, "b" in record]).toEqual([true, true, false]);

    sessions.delete("a");
    expect(record.a).toBeUndefined();
  });

  it("has nothing but sessions", () => {
    const record = recordOf(new Map());

    expect([record.constructor, record.toString, record.hasOwnProperty]).toEqual([undefined, undefined, undefined]);
  });

  it("cannot be written to", () => {
    const sessions = new Map<string, EngineSocket>([["a", openSession().socket]]);
    const record = recordOf(sessions) as Record<string, unknown>;

    expect(() => {
      record.b = 1;
    }).toThrow(TypeError);
    expect(() => delete record.a).toThrow(TypeError);
    expect(Object.keys(record)).toEqual(["a"]);
  });
});
