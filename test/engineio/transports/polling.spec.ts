import { request, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { Deadlines } from "../../../src/common/index.js";
import { revision4, type Packet } from "../../../src/engineio/index.js";
import { PollingTransport } from "../../../src/engineio/transports/polling.js";
import { closeHttpAfterEach, HttpStage, type HttpReply } from "../../support/http.js";
import { ManualClock } from "../../support/manual-clock.js";
import { RecordingHandler } from "../../support/recording-handler.js";
import { nextEvent, until } from "../../support/waiting.js";

closeHttpAfterEach();

let clock: ManualClock;
let transport: PollingTransport;
let handler: RecordingHandler;
let stage: HttpStage;
let extraHeaders: OutgoingHttpHeaders;

beforeEach(async () => {
  clock = new ManualClock();
  extraHeaders = {};
  const deadlines = new Deadlines(clock);
  transport = new PollingTransport({
    maxHttpBufferSize: 100,
    compression: { threshold: 100 },
    pace: {
      timeoutMs: 30_000,
      minBytesPerSecond: 1,
      after: (delayMs, callback) => deadlines.add(delayMs, callback),
    },
    maxPayloadPackets: 10_000,
    revision: revision4,
    query: {},
    decorate: (headers) => Object.assign(headers, extraHeaders),
    after: (delayMs, callback) => deadlines.add(delayMs, callback),
  });
  handler = new RecordingHandler();
  transport.handler = handler;
  stage = await HttpStage.open((request, response) => {
    transport.onRequest(request, response);
  });
});

/** A poll that has reached the transport and waits there; `null` when the client has given it up. */
async function park(signal?: AbortSignal): Promise<{ answer: Promise<HttpReply | null> }> {
  const answer = stage.send("/", signal && { signal }).catch(() => null);
  await until(() => transport.writable, "the poll is parked");
  return { answer };
}

const post = (body: string | Buffer, headers: Record<string, string> = {}): Promise<HttpReply> =>
  stage.send("/", { method: "POST", body, headers });

/** A post that has reached the transport and whose body does not come to its end. */
async function beginPost(): Promise<{ socket: Socket; received: Promise<string> }> {
  const connection = await stage.connect();
  const { socket } = connection;
  const arrived = nextEvent(stage.server, "request");
  socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n4a");
  await arrived;
  return connection;
}

const premature = (what: string): unknown =>
  expect.objectContaining({ code: "ENGINE_PREMATURE_CLOSE", message: `${what} connection closed prematurely` });

describe("a poll", () => {
  it("waits, and is answered with what is sent, text and bytes", async () => {
    const { answer } = await park();
    expect(handler.heard).toEqual([["writable"]]);
    transport.send([
      { type: "message", data: "2[]" },
      { type: "message", data: Buffer.from("010203", "hex") },
      { type: "ping" },
    ]);

    const reply = await answer;
    expect([reply?.status, reply?.body]).toEqual([200, "42[]\x1ebAQID\x1e2"]);
    expect(reply?.headers).toMatchObject({
      "content-type": "text/plain; charset=UTF-8",
      "cache-control": "no-store",
      "content-length": "12",
    });
  });

  it("counts the bytes of what it carries, not the characters", async () => {
    const { answer } = await park();
    transport.sendMessage("é🐦");

    expect(await answer).toMatchObject({ body: "4é🐦", headers: { "content-length": "7" } });
  });

  it("makes the transport ready until it is answered", async () => {
    expect(transport.ready).toBe(false);
    const { answer } = await park();
    expect(transport.ready).toBe(true);
    transport.sendMessage("a");
    expect(transport.ready).toBe(false);
    await answer;

    await park();
    expect(transport.ready).toBe(true);
  });

  it("carries the headers that its server adds", async () => {
    extraHeaders = { "Set-Cookie": "io=1" };
    const { answer } = await park();
    transport.sendMessage("a");

    expect((await answer)?.headers["set-cookie"]).toEqual(["io=1"]);
  });

  it("may not overlap another: the second is refused, the first is told to close, the session ends", async () => {
    const { answer } = await park();
    const second = await stage.send("/");

    expect([second.status, second.body]).toEqual([400, ""]);
    expect(await answer).toMatchObject({ status: 200, body: "1" });
    expect(handler.heard.at(-1)).toEqual([
      "end",
      "transport error",
      expect.objectContaining({ code: "ENGINE_OVERLAP", message: "overlap from client" }),
    ]);
  });

  it("that the client gives up ends the session", async () => {
    const giveUp = new AbortController();
    const { answer } = await park(giveUp.signal);
    giveUp.abort();
    await answer;
    await until(() => handler.heard.length > 1, "the session has ended");

    expect(handler.heard.at(-1)).toEqual(["end", "transport error", premature("poll")]);
    expect(transport.writable).toBe(false);
  });
});

describe("a post", () => {
  it("brings packets in order and is answered with ok", async () => {
    const reply = await post('42["say",1]\x1ebAQID\x1e3');

    expect([reply.status, reply.body]).toEqual([200, "ok"]);
    expect(reply.headers).toMatchObject({ "content-type": "text/html", "content-length": "2" });
    expect(handler.heard).toEqual([["message", '2["say",1]'], ["message", Buffer.from("010203", "hex")], ["pong"]]);
  });

  it("may follow another", async () => {
    await post("4a");
    await post("4b");

    expect(handler.heard).toEqual([
      ["message", "a"],
      ["message", "b"],
    ]);
  });

  it.each(["abc", "", "4a\x1e", "\x1e\x1e"])("of %j is answered with ok and ends the session", async (body) => {
    const { answer } = await park();
    expect(await post(body)).toMatchObject({ status: 200, body: "ok" });

    expect(handler.heard.at(-1)).toEqual([
      "end",
      "parse error",
      expect.objectContaining({ code: "ENGINE_BAD_PAYLOAD" }),
    ]);
    expect(await answer).toMatchObject({ body: "1" });
  });

  it("delivers none of its packets when one is bad", async () => {
    await post("4a\x1eabc");

    expect(handler.heard.map(([what]) => what)).toEqual(["end"]);
  });

  it("with a close packet ends the session there", async () => {
    const { answer } = await park();
    await post("4a\x1e1\x1e4b");

    expect(handler.heard).toEqual([["writable"], ["message", "a"], ["end", "transport close"]]);
    expect(await answer).toMatchObject({ body: "6" });
  });

  it("of maxHttpBufferSize bytes is taken", async () => {
    await post("4".repeat(100));

    expect(handler.heard).toEqual([["message", "4".repeat(99)]]);
  });

  it("of more bytes is refused, and the session stays", async () => {
    const reply = await post("4".repeat(101));
    expect([reply.status, reply.body]).toEqual([413, ""]);
    expect(handler.heard).toEqual([]);

    await post("4a");
    expect(handler.heard).toEqual([["message", "a"]]);
  });

  it("of more bytes than it announced in no header is refused as soon as that is known", async () => {
    const { socket, received } = await stage.connect();
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    socket.write(`c8\r\n${"4".repeat(200)}\r\n`);

    expect(await received).toContain("HTTP/1.1 413 Payload Too Large\r\n");
    expect(handler.heard).toEqual([]);
  });

  it("of bytes is refused, answered, and ends the session", async () => {
    const reply = await post("4a", { "content-type": "application/octet-stream" });

    expect([reply.status, reply.body]).toEqual([400, ""]);
    expect(handler.heard).toEqual([
      ["end", "transport error", expect.objectContaining({ code: "ENGINE_CONTENT_TYPE", message: "invalid content" })],
    ]);
  });

  it("may not overlap another: it is refused and the session ends", async () => {
    await beginPost();
    const reply = await post("4b");

    expect([reply.status, reply.body]).toEqual([400, ""]);
    expect(handler.heard).toEqual([
      ["end", "transport error", expect.objectContaining({ message: "data request overlap from client" })],
    ]);
  });

  it("that another has overlapped is refused as well when it is complete: nobody hears it", async () => {
    const { socket, received } = await beginPost();
    await post("4b");
    socket.write("bcdefghi");
    await until(() => socket.bytesRead > 0, "the post is answered");
    socket.destroy();

    expect(await received).toMatch(/^HTTP\/1\.1 400 [^]*\{"code":3,"message":"Bad request"\}/);
    expect(handler.heard).toHaveLength(1);
  });

  it("that breaks off ends the session and delivers nothing", async () => {
    const { socket } = await beginPost();
    socket.destroy();
    await until(() => handler.heard.length > 0, "the session has ended");

    expect(handler.heard).toEqual([["end", "transport error", premature("data request")]]);
  });
});

describe("a post's body", () => {
  it.each(["34ff", "34c3", "34eda080", "34c0af", "fe"])("that is no UTF-8 ends the session: <%s>", async (bytes) => {
    expect(await post(Buffer.from(bytes, "hex"))).toMatchObject({ status: 200, body: "ok" });
    expect(handler.heard).toEqual([["end", "parse error", expect.objectContaining({ code: "ENGINE_BAD_PAYLOAD" })]]);
  });

  it("is never decompressed", async () => {
    await post(gzipSync("4a"), { "content-encoding": "gzip" });

    expect(handler.heard).toEqual([["end", "parse error", expect.anything()]]);
  });

  it("that comes too slowly is answered 408 and ends the session", async () => {
    const { socket } = await beginPost();
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
    const closed = nextEvent(socket, "close");
    await until(() => clock.pendingTimers > 0, "the body is being read");
    clock.advance(10_000);
    await closed;

    expect(answer).toContain("HTTP/1.1 408 Request Timeout\r\n");
    expect(handler.heard).toEqual([["end", "transport error", expect.objectContaining({ code: "ENGINE_SLOW_BODY" })]]);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("compression", () => {
  /** What a poll of a client that takes gzip is answered, as it travels. */
  const polled = async (packet: Packet, accepted = "gzip, deflate"): Promise<{ encoding?: string; body: Buffer }> => {
    const options = { port: stage.port, host: "127.0.0.1", agent: false, headers: { "accept-encoding": accepted } };
    const outgoing = request(options).end();
    await until(() => transport.writable, "the poll is parked");
    transport.send([packet]);
    const [response] = (await nextEvent(outgoing, "response")) as [IncomingMessage];
    const encoding = response.headers["content-encoding"];
    return { ...(encoding !== undefined && { encoding }), body: await buffer(response) };
  };

  const long: Packet = { type: "message", data: "a".repeat(99) };

  it.each([
    ["gzip, deflate", "gzip", gunzipSync],
    ["deflate", "deflate", inflateSync],
    ["gzip;q=0, deflate", "deflate", inflateSync],
  ] as const)("is %s's choice: %s", async (accepted, encoding, decompress) => {
    const answer = await polled(long, accepted);

    expect(answer.encoding).toBe(encoding);
    expect(String(decompress(answer.body))).toBe(`4${"a".repeat(99)}`);
  });

  it.each<[why: string, packet: Packet, accepted: string]>([
    ["is shorter than the threshold", { type: "message", data: "a".repeat(98) }, "gzip"],
    ["is not to be compressed", { ...long, options: { compress: false } }, "gzip"],
    ["its client takes no encoding that there is", long, "br, identity"],
  ])("is none where a payload %s", async (_why, packet, accepted) => {
    const { encoding, body } = await polled(packet, accepted);

    expect(encoding).toBeUndefined();
    expect(body.toString()).toBe(`4${String(packet.data)}`);
  });

  it("does no harm when the client leaves meanwhile", async () => {
    const giveUp = new AbortController();
    const { answer } = await park(giveUp.signal);
    transport.send([long]);
    giveUp.abort();
    await answer;
    const again = await park();
    transport.send([{ type: "ping" }]);

    expect(await again.answer).toMatchObject({ body: "2" });
  });
});

describe("another method", () => {
  it.each(["PUT", "DELETE", "OPTIONS", "PATCH"])("%s is refused, and the session stays", async (method) => {
    const reply = await stage.send("/", { method });

    expect([reply.status, reply.body]).toEqual([400, ""]);
    expect(handler.heard).toEqual([]);
  });
});

describe("closing", () => {
  it("tells a parked poll at once", async () => {
    const { answer } = await park();
    transport.close();
    transport.close();

    expect(await answer).toMatchObject({ status: 200, body: "1" });
    expect(handler.heard.slice(1)).toEqual([["end", "transport close"]]);
  });

  it("waits for the next poll, and tells it", async () => {
    transport.close();
    expect(handler.heard).toEqual([]);

    expect(await stage.send("/")).toMatchObject({ status: 200, body: "1" });
    expect(handler.heard).toEqual([["end", "transport close"]]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("waits no longer than 30 seconds", () => {
    transport.close();
    clock.advance(29_000);
    expect(handler.heard).toEqual([]);

    clock.advance(1_000);
    expect(handler.heard).toEqual([["end", "transport close"]]);
  });
});

describe("discarding", () => {
  it.each(["discard", "terminate"] as const)("releases a parked poll (%s)", async (letGo) => {
    const { answer } = await park();
    transport[letGo]();

    expect(await answer).toMatchObject({ status: 200, body: "6" });
  });

  it("delivers nothing more", async () => {
    transport.discard();
    await post("4a");

    expect(handler.heard).toEqual([]);
  });

  it("refuses a post whose body comes later: nobody would hear it", async () => {
    const { socket, received } = await beginPost();
    transport.discard();
    socket.write("bcdefghi");
    await until(() => socket.bytesRead > 0, "the post is answered");
    socket.destroy();

    expect(await received).toMatch(/^HTTP\/1\.1 400 [^]*\{"code":3,"message":"Bad request"\}/);
    expect(handler.heard).toEqual([]);
  });

  it("stops waiting for a poll to say goodbye to", () => {
    transport.close();
    transport.discard();

    expect(clock.pendingTimers).toBe(0);
  });
});
