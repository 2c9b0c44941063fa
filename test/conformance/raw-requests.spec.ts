import { silentLogger } from "rookery/core";
import { itIsBetterHere } from "../support/better-here.js";
import { PollingSession, send } from "../support/raw-http.js";
import { RawConnection } from "../support/raw-connection.js";
import type { Socket } from "../support/peer.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent } from "../support/waiting.js";

const openStage = useStages();
const open = (): Promise<Stage> => openStage({ logger: silentLogger });

const POLLING = "/socket.io/?EIO=4&transport=polling";

/** Sends bytes on a connection of their own; what comes until the server closes it. */
async function exchange(stage: Stage, bytes: string): Promise<string> {
  const connection = new RawConnection(stage);
  connection.write(bytes);
  return connection.ended();
}

async function stillServes(stage: Stage): Promise<void> {
  expect((await send(stage, "EIO=4&transport=polling")).status).toBe(200);
}

/** A session joined to the main namespace, and the server's socket. */
async function joined(stage: Stage): Promise<{ session: PollingSession; socket: Socket }> {
  const connected = nextEvent(stage.io, "connection");
  const session = await PollingSession.join(stage);
  const [socket] = (await connected) as [Socket];
  return { session, socket };
}

describe("bytes that are no good request are refused by their head", () => {
  const head = (...lines: string[]): string => `${lines.join("\r\n")}\r\n\r\n`;
  const POST = `POST ${POLLING}&sid=x HTTP/1.1`;

  it.each<[what: string, bytes: string, status: number]>([
    ["a query of 16 kB", head(`GET ${POLLING}&x=${"x".repeat(17_000)} HTTP/1.1`, "Host: x"), 431],
    ["headers of 100 kB", head(`GET ${POLLING} HTTP/1.1`, "Host: x", `X: ${"x".repeat(100_000)}`), 431],
    ["no host", head(`GET ${POLLING} HTTP/1.1`), 400],
    ["a control byte in the origin", head(`GET ${POLLING} HTTP/1.1`, "Host: x", "Origin: https://a\u0001"), 400],
    [
      "a length and chunks",
      head(POST, "Host: x", "Content-Length: 4", "Transfer-Encoding: chunked") + "0\r\n\r\n",
      400,
    ],
    ["two lengths", head(POST, "Host: x", "Content-Length: 4", "Content-Length: 5") + "4abcd", 400],
    ["a length that is no number", head(POST, "Host: x", "Content-Length: 1e3") + "4", 400],
    ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
    ["no HTTP at all", "\u0016\u0003\u0001\u0002\u0000\r\n\r\n", 400],
  ])("with %s", async (_what, bytes, status) => {
    const stage = await open();

    expect(await exchange(stage, bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    await stillServes(stage);
  });

  it("with a chunk whose size is none, and the session ends", async () => {
    const stage = await open();
    const { session, socket } = await joined(stage);
    const gone = nextEvent(socket, "disconnect");
    const path = `/socket.io/?${session.query}`;
    await exchange(stage, head(`POST ${path} HTTP/1.1`, "Host: x", "Transfer-Encoding: chunked") + "zz\r\n4a\r\n");

    expect((await gone)[0]).toBe("transport error");
    await stillServes(stage);
  });
});

describe("a request", () => {
  it("of HTTP/1.0 is answered", async () => {
    const answer = await exchange(await open(), `GET ${POLLING} HTTP/1.0\r\n\r\n`);

    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain('0{"sid":"');
  });

  it("with a Content-Encoding is not decompressed", async () => {
    const stage = await open();
    const { session, socket } = await joined(stage);
    const gone = nextEvent(socket, "disconnect");
    const body = Buffer.from("1f8b08000000000000033300002ab97dd801000000", "hex");
    const headers = { "content-encoding": "gzip", "content-type": "text/plain" };
    await send(stage, session.query, { method: "POST", body, headers });

    expect((await gone)[0]).toBe("parse error");
  });

  it.each([",".repeat(10_000), "gzip;q=0.1,".repeat(900), "x".repeat(10_000), "*;q=0,*;q=1,;;=,"])(
    "with an absurd Accept-Encoding is answered (%#)",
    async (accepted) => {
      const stage = await open();
      const { session, socket } = await joined(stage);
      socket.emit("say", "x".repeat(2_000));

      expect((await send(stage, session.query, { headers: { "accept-encoding": accepted } })).status).toBe(200);
    },
  );

  it("with the names of an object's own properties pollutes nothing", async () => {
    const stage = await open();
    const connected = nextEvent(stage.io, "connection");
    const { body } = await send(stage, "__proto__=1&constructor=2&toString=3&EIO=4&transport=polling");
    const { sid } = JSON.parse(body.slice(1)) as { sid: string };
    await send(stage, `EIO=4&transport=polling&sid=${sid}`, { method: "POST", body: '40{"__proto__":{"x":1}}' });
    const [{ handshake }] = (await connected) as [Socket];

    expect(Object.keys(handshake.query)).toEqual(expect.arrayContaining(["constructor", "toString"]));
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it.each(["x".repeat(10_000), "%00", "%F0%9F%90%A6", "constructor"])(
    "of a session that does not exist is refused (%.20s)",
    async (sid) => {
      const { status, body } = await send(await open(), `EIO=4&transport=polling&sid=${sid}`);

      expect([status, body]).toEqual([400, '{"code":1,"message":"Session ID unknown"}']);
    },
  );
});

describe("requests on one connection", () => {
  it("may follow each other without waiting: a handshake, a post and a poll", async () => {
    const stage = await open();
    const { session, socket } = await joined(stage);
    const heard = nextEvent(socket, "say");
    const connection = new RawConnection(stage);
    const path = `/socket.io/?${session.query}`;
    const get = (of: string): string => `GET ${of} HTTP/1.1\r\nHost: x\r\n\r\n`;
    socket.emit("say", "waiting");
    connection.write(
      `${get(POLLING)}POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n42["say",1]${get(path)}`,
    );
    const answers = await connection.receive('42["say","waiting"]');

    expect(await heard).toEqual([1]);
    expect(answers.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3);
    expect(answers).toMatch(/0\{"sid"[^]*\r\nok[^]*42\["say","waiting"\]/);
  });
});

describe("a body", () => {
  it("that breaks off is not heard, in part neither", async () => {
    const stage = await open();
    const { session, socket } = await joined(stage);
    const heard: unknown[] = [];
    socket.onAny((...args: unknown[]) => heard.push(args));
    const gone = nextEvent(socket, "disconnect");
    const connection = new RawConnection(stage);
    connection.request(`POST /socket.io/?${session.query} HTTP/1.1`, "Host: x", "Content-Length: 1000");
    connection.write('42["say",1]\u001e42["say",2]\u001e');
    await nextEvent(stage.http, "request");
    connection.socket.destroy();

    expect((await gone)[0]).toBe("transport error");
    expect(heard).toEqual([]);
  });

  it("without a length is refused as soon as it is too large, and the session lives on", async () => {
    const stage = await openStage({ maxHttpBufferSize: 10_000 });
    const { session, socket } = await joined(stage);
    const connection = new RawConnection(stage);
    connection.request(`POST /socket.io/?${session.query} HTTP/1.1`, "Host: x", "Transfer-Encoding: chunked");
    connection.write(`2711\r\n${"4".repeat(10_001)}\r\n`);

    expect(await connection.receive("413")).toMatch(/^HTTP\/1\.1 413 /);
    const heard = nextEvent(socket, "say");
    await session.post('42["say",1]');
    expect(await heard).toEqual([1]);
  });

  it.each([
    ["a mark of byte order", '\ufeff42["say",1]'],
    ["an empty packet at its end", '42["say",1]\u001e'],
    ["10,000 separators", "\u001e".repeat(10_000)],
    ["a NUL", "\u0000"],
    ["an emoji for a type", "🐦"],
  ])("of %s ends the session", async (_what, body) => {
    const { session, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    await session.post(body);

    expect((await gone)[0]).toBe("parse error");
  });

  it("of lone surrogates in JSON is heard, and can be sent back", async () => {
    const { session, socket } = await joined(await open());
    socket.on("say", (text: string) => socket.emit("say", text));
    await session.post('42["say","\\ud800"]');

    expect((await session.poll()).body).toBe('42["say","\\ud800"]');
  });

  itIsBetterHere("that is not UTF-8 ends the session", async () => {
    const { session, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    await session.post(Buffer.concat([Buffer.from('42["say","'), Buffer.from([0xff]), Buffer.from('"]')]));

    expect((await gone)[0]).toBe("parse error");
  });

  itIsBetterHere("of 100,000 packets ends the session", async () => {
    const { session, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    await session.post(Array<string>(100_000).fill("3").join("\u001e"));

    expect((await gone)[0]).toBe("parse error");
  });

  itIsBetterHere("of base64 that is none ends the session as soon as it is read", async () => {
    const { session, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    await session.post("b!!!");

    expect((await gone)[0]).toBe("parse error");
  });

  itIsBetterHere("with a line break behind the type ends the session", async () => {
    const stage = await open();
    const connection = jest.fn();
    stage.io.on("connection", connection);
    const session = await PollingSession.open(stage);
    await session.post("40\r\n");
    await session.poll().catch(() => undefined);

    expect(await session.isGone()).toBe(true);
    expect(connection).not.toHaveBeenCalled();
  });
});
