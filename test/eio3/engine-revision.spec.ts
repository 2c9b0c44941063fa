import { Deadlines } from "../../src/common/index.js";
import { revision3 } from "../../src/eio3/index.js";
import type { Packet, Query } from "../../src/engineio/index.js";
import { ManualClock } from "../support/manual-clock.js";

const message: Packet = { type: "message", data: Buffer.from([1, 2, 3]) };

/** Queries of clients that take bytes, and of those that say they do not. */
const TAKES_BYTES: Query[] = [{}, { b64: "" }, { EIO: "3", transport: "polling" }];
const TAKES_TEXT: Query[] = [{ b64: "1" }, { b64: "true" }];

describe("revision 3", () => {
  it.each(["3", "2", "5", "", undefined])("is what a client with EIO %j asks for, when nothing newer is", (EIO) => {
    expect(revision3.isAskedFor({ EIO })).toBe(true);
  });

  it.each(TAKES_BYTES)("writes bytes as bytes for the query %j", (query) => {
    expect(revision3.payloadCodec(query).encode([message])).toEqual({
      headers: { "Content-Type": "application/octet-stream" },
      body: Buffer.from("0104ff04010203", "hex"),
    });
    expect(revision3.frameCodec(query).encodeBytes(Buffer.from([1, 2, 3]))).toEqual(Buffer.from([4, 1, 2, 3]));
  });

  it.each(TAKES_TEXT)("writes bytes as text for the query %j", (query) => {
    expect(revision3.payloadCodec(query).encode([message])).toEqual({
      headers: { "Content-Type": "text/plain; charset=UTF-8" },
      body: "6:b4AQID",
    });
    expect(revision3.frameCodec(query).encodeBytes(Buffer.from([1, 2, 3]))).toBe("b4AQID");
  });

  it.each([...TAKES_BYTES, ...TAKES_TEXT])("reads both for the query %j", (query) => {
    const payload = revision3.payloadCodec(query);
    const frames = revision3.frameCodec(query);

    expect(payload.takesBytes).toBe(true);
    expect(payload.decode("6:b4AQID", 1)).toEqual([message]);
    expect(payload.decode(Buffer.from("0104ff04010203", "hex"), 1)).toEqual([message]);
    expect(frames.decode("b4AQID")).toEqual(message);
    expect(frames.decode(Buffer.from([4, 1, 2, 3]))).toEqual(message);
  });

  it("writes text as text, whatever the client takes", () => {
    expect(revision3.payloadCodec({}).encode([{ type: "message", data: "é" }])).toEqual({
      headers: { "Content-Type": "text/plain; charset=UTF-8" },
      body: "2:4é",
    });
  });

  it("leaves the pinging to the client", () => {
    const clock = new ManualClock();
    const sent: string[] = [];
    const heartbeat = revision3.createHeartbeat(
      new Deadlines(clock),
      { pingInterval: 25_000, pingTimeout: 20_000 },
      {
        sendPing: () => sent.push("ping"),
        sendPong: () => sent.push("pong"),
        onPingTimeout: () => sent.push("timeout"),
      },
    );
    heartbeat.beat();
    clock.advance(40_000);
    heartbeat.take("ping");

    expect(sent).toEqual(["pong"]);
  });
});
