import {
  AckDecodeError,
  AckDisconnectedError,
  AckTimeoutError,
  EncodeError,
  SendError,
  SocketError,
} from "../../src/socketio/index.js";

describe("SocketError", () => {
  it("is told by family and code", () => {
    const error: unknown = new SocketError("SOCKET_BAD_ROOM", { values: { kind: "null" } });

    expect(SocketError.is(error)).toBe(true);
    expect(SocketError.is(error, "SOCKET_BAD_ROOM")).toBe(true);
    expect(SocketError.is(error, "SOCKET_BAD_PACKET")).toBe(false);
    expect(SocketError.is(new Error("no"))).toBe(false);
  });

  it.each<[message: string, error: SocketError]>([
    ["operation has timed out", new AckTimeoutError()],
    ["socket has been disconnected", new AckDisconnectedError()],
    ['"connect" is a reserved event name', new SocketError("SOCKET_RESERVED_EVENT", { values: { event: "connect" } })],
    [
      "You are trying to attach socket.io to an express request handler function. Please pass a http.Server instance.",
      new SocketError("SOCKET_NOT_A_SERVER"),
    ],
    ["stateful regular expressions are not supported", new SocketError("SOCKET_STATEFUL_PATTERN")],
    ["fetchSockets() is not supported on parent namespaces", new SocketError("SOCKET_PARENT_FETCH")],
  ])("says %j, as socket.io does", (message, error) => {
    expect(error.message).toBe(message);
  });

  it("gives back what was not sent", () => {
    const error = new SendError("SOCKET_CLOSED", "say", [1, { two: 2 }]);

    expect(error).toMatchObject({ code: "SOCKET_CLOSED", event: "say", args: [1, { two: 2 }] });
    expect(error.message).toBe('the socket is closed and cannot take "say"');
  });

  it("keeps the cause of what could not be encoded or decoded", () => {
    const cause = new TypeError("why");

    expect(new EncodeError("say", cause)).toMatchObject({ code: "SOCKET_ENCODE", event: "say", cause });
    expect(new EncodeError("say", cause).message).toBe('the data of "say" cannot be encoded: why');
    expect(new AckDecodeError(cause)).toMatchObject({ code: "SOCKET_ACK_DECODE", cause });
    expect(new AckDecodeError(Object.create(null)).message).toBe("an acknowledgement was refused: [object Object]");
  });
});
