import { socketRevision4 } from "../../src/eio3/index.js";
import type { Query } from "../../src/engineio/index.js";
import type { Handshake } from "../../src/socketio/index.js";

const handshake = (query: Query, auth: Record<string, unknown>): Handshake => ({
  headers: {},
  time: "Thu Jan 01 1970",
  address: "192.0.2.1",
  xdomain: false,
  secure: false,
  issued: 0,
  url: "/socket.io/",
  query,
  auth,
});

describe("protocol 4", () => {
  it("names sockets after their connection", () => {
    expect(socketRevision4.createSocketId("abc", "/")).toBe("abc");
    expect(socketRevision4.createSocketId("abc", "/adm")).toBe("/adm#abc");
  });

  it("lets a client in without a word about its id", () => {
    expect(socketRevision4.connectData("abc", "secret")).toBeUndefined();
  });

  it.each([
    [{ message: "no entry" }, "no entry"],
    [{ message: "no entry", data: { code: 7 } }, { code: 7 }],
    [{ message: "no entry", data: "" }, "no entry"],
    [{ message: "no entry", data: null }, "no entry"],
  ])("refuses with the data of %j, or its bare text", (reason, sent) => {
    expect(socketRevision4.refusalData(reason)).toEqual(sent);
  });

  it("tells the application one query, in which that of the namespace goes before", () => {
    const connection = { EIO: "3", token: "old" };
    const { query } = socketRevision4.completeHandshake(handshake(connection, { token: "new", t: "1" }));

    expect({ ...query }).toEqual({ EIO: "3", token: "new", t: "1" });
    expect(connection).toEqual({ EIO: "3", token: "old" });
  });

  it("keeps a query free of a prototype", () => {
    const auth = JSON.parse('{"__proto__":"x"}') as Record<string, unknown>;
    const { query } = socketRevision4.completeHandshake(handshake({}, auth));

    expect(Object.getPrototypeOf(query)).toBeNull();
    expect(Object.entries(query)).toEqual([["__proto__", "x"]]);
  });
});
