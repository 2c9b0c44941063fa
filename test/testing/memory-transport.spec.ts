import { MemoryPolling } from "../../src/testing/memory-polling.js";
import { itFulfilsTheTransportContract } from "../support/transport-contract.js";
import { openMemoryEnds } from "../support/memory-ends.js";
import { useMemoryServer } from "../support/memory-server.js";
import { until } from "../support/waiting.js";

const request = { headers: {}, url: "/socket.io/?EIO=4&transport=memory", socket: {} };

describe("MemoryTransport, as a transport,", () => {
  itFulfilsTheTransportContract(() => Promise.resolve(openMemoryEnds()));
});

describe("MemoryPolling, as a transport,", () => {
  itFulfilsTheTransportContract(() => Promise.resolve(openMemoryEnds(MemoryPolling)));
});

describe("A connection over MemoryTransport", () => {
  const server = useMemoryServer();

  it("carries the frames of a WebSocket", async () => {
    server().io.on("connection", (socket) => {
      socket.on("say", (text, reply) => {
        reply(text);
        socket.emit("said", Buffer.from([1, 2]));
      });
    });
    const { transport, frames } = openMemoryEnds();
    const session = server().io.engine.accept(transport, request);
    transport.receive("40");
    await until(() => frames.length === 2, "CONNECT is answered");
    const [socketId] = [...server().io.sockets.sockets.keys()];
    transport.receive('420["say","hi"]');
    await until(() => frames.length === 5, "the event is answered");

    expect(frames).toEqual([
      `0{"sid":"${session.id}","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`,
      `40{"sid":"${String(socketId)}"}`,
      '430["hi"]',
      '451-["said",{"_placeholder":true,"num":0}]',
      Buffer.from([1, 2]),
    ]);
  });

  it("ends at a frame that is none, as over a WebSocket", async () => {
    const { transport, closed } = openMemoryEnds();
    const session = server().io.engine.accept(transport, request);
    const reasons: unknown[] = [];
    session.on("close", (reason) => reasons.push(reason));
    transport.receive("x");
    await closed;

    expect(reasons).toEqual(["parse error"]);
    expect(server().io.engine.clientsCount).toBe(0);
  });
});
