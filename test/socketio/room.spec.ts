import { toRoom, toRooms } from "../../src/socketio/room.js";

describe("rooms", () => {
  it.each<[given: unknown, rooms: string[]]>([
    ["chat", ["chat"]],
    ["", [""]],
    ["__proto__", ["__proto__"]],
    [7, ["7"]],
    [
      ["a", 7, "b"],
      ["a", "7", "b"],
    ],
    [[], []],
  ])("%j are %j", (given, rooms) => {
    expect(toRooms(given)).toEqual(rooms);
  });

  it.each<[given: unknown, kind: string]>([
    [null, "null"],
    [undefined, "undefined"],
    [{}, "object"],
    [true, "boolean"],
    [["a", null], "null"],
    [[["a"]], "object"],
    [() => "a", "function"],
  ])("cannot be made of %p", (given, kind) => {
    expect(() => toRooms(given)).toThrow(
      expect.objectContaining({
        code: "SOCKET_BAD_ROOM",
        message: `a room must be a string or a number, got ${kind}`,
      }) as Error,
    );
  });

  it("are one where one is asked for", () => {
    expect(toRoom(7)).toBe("7");
    expect(() => toRoom(["a"])).toThrow("a room must be a string or a number, got object");
  });
});
