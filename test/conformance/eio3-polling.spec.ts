import { itIsBetterHere } from "../support/better-here.js";
import { OldPollingSession } from "../support/old-polling.js";
import type { ServerOptions, Socket } from "../support/peer.js";
import { send } from "../support/raw-http.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent, nextEvents, until } from "../support/waiting.js";

const TEXT = "text/plain; charset=UTF-8";
const BYTES = "application/octet-stream";
const POLLING = "transport=polling";

const openAny = useStages();
const open = (options: Partial<ServerOptions> = {}): Promise<Stage> => openAny({ allowEIO3: true, ...options });

const hex = (text: string): string => Buffer.from(text).toString("hex");
const bytes = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

async function joined(stage: Stage, extra?: string): Promise<{ session: OldPollingSession; socket: Socket }> {
  const connected = nextEvent(stage.io, "connection");
  const session = await OldPollingSession.join(stage, extra);
  const [socket] = (await connected) as [Socket];
  return { session, socket };
}

const HEADER = '451-["bin",{"_placeholder":true,"num":0}]';

describe("a poll of Engine.IO 3", () => {
  it("is answered with the handshake behind its length, and then with CONNECT for the main namespace", async () => {
    const session = await OldPollingSession.open(await open());
    const [, length, packet = ""] = /^(\d+):(.*)$/.exec(session.opening.body) ?? [];

    expect(session.opening).toMatchObject({ status: 200, type: TEXT });
    expect(packet).toMatch(
      /^0\{"sid":"[\w-]{20}","upgrades":\["websocket"\],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000\}$/,
    );
    expect(Number(length)).toBe(packet.length);
    expect(await session.poll()).toEqual({ status: 200, type: TEXT, body: "2:40" });
  });

  it.each(["EIO=3", "EIO=", "EIO=5", "EIO=2", ""])("is what a client with %j asks for", async (version) => {
    const { status, body } = await send(await open(), `${version}&${POLLING}`);

    expect([status, body]).toEqual([200, expect.stringMatching(/^\d+:0\{"sid"/)]);
  });

  it("is no part of a session of Engine.IO 4, nor the other way round", async () => {
    const stage = await open();
    const { sid } = await OldPollingSession.open(stage);
    const { body } = await send(stage, `EIO=4&${POLLING}`);
    const [, newSid = ""] = /"sid":"([\w-]+)"/.exec(body) ?? [];

    for (const query of [`EIO=4&${POLLING}&sid=${sid}`, `EIO=3&${POLLING}&sid=${newSid}`, `${POLLING}&sid=${newSid}`]) {
      const reply = await send(stage, query);
      expect([reply.status, reply.body]).toEqual([400, '{"code":3,"message":"Bad request"}']);
    }
  });

  it("brings packets one after another, lengths in UTF-16 code units", async () => {
    const { session, socket } = await joined(await open());
    socket.emit("a", "é");
    socket.emit("b", "🐦");

    expect(await session.poll()).toEqual({ status: 200, type: TEXT, body: '11:42["a","é"]12:42["b","🐦"]' });
  });

  it("brings all packets as bytes when there are some among them", async () => {
    const { session, socket } = await joined(await open());
    socket.emit("a", "é");
    socket.emit("bin", Buffer.from([1, 2, 255]));

    expect(await session.poll()).toEqual({
      status: 200,
      type: BYTES,
      body: `000102ff${hex('42["a","é"]')}000401ff${hex(HEADER)}0104ff040102ff`,
    });
  });

  it.each(["1", "true"])("brings bytes as base64 to a client with b64=%s", async (value) => {
    const { session, socket } = await joined(await open(), `&b64=${value}`);
    socket.emit("bin", Buffer.from([1, 2, 3]));

    expect(await session.poll()).toEqual({ status: 200, type: TEXT, body: `41:${HEADER}6:b4AQID` });
  });

  it("is let go when the client says goodbye", async () => {
    const { session, socket } = await joined(await open());
    const poll = session.poll();
    await until(() => socket.conn.transport.writable, "a poll is parked");
    await session.post("1:1");

    expect((await poll).body).toBe("1:6");
  });

  it("is told to end by a close packet", async () => {
    const { session, socket } = await joined(await open());
    const poll = session.poll();
    await until(() => socket.conn.transport.writable, "a poll is parked");
    socket.conn.close();

    expect((await poll).body).toBe("1:1");
  });
});

describe("a POST of Engine.IO 3", () => {
  it("brings packets as text", async () => {
    const { session, socket } = await joined(await open());
    const heard = nextEvents(socket, "say", 2);
    const reply = await session.post('13:42["say","é"]14:42["say","🐦"]');

    expect(reply).toEqual({ status: 200, type: "text/html", body: "ok" });
    expect(await heard).toEqual([["é"], ["🐦"]]);
  });

  it.each<[as: string, body: string | Buffer]>([
    ["bytes", bytes(`00 04 01 ff ${hex(HEADER)} 01 04 ff 040102ff`)],
    ["base64", `41:${HEADER}6:b4AQL/`],
    ["base64 among bytes", bytes(`00 04 01 ff ${hex(HEADER)} 00 06 ff ${hex("b4AQL/")}`)],
  ])("brings binary as %s", async (_as, body) => {
    const { session, socket } = await joined(await open());
    const heard = nextEvent(socket, "bin");
    await session.post(body);

    expect(await heard).toEqual([Buffer.from([1, 2, 255])]);
  });

  it("brings bytes that look like another packet in base64", async () => {
    const { session, socket } = await joined(await open());
    const heard = nextEvent(socket, "bin");
    await session.post(`41:${HEADER}6:b44444`);

    expect(await heard).toEqual([Buffer.from("e38e38", "hex")]);
  });

  it("brings a text of bytes whose length counts bytes", async () => {
    const { session, socket } = await joined(await open());
    const heard = nextEvent(socket, "say");
    await session.post(bytes(`00 01 06 ff ${hex('42["say","🐦"]')}`));

    expect(await heard).toEqual(["🐦"]);
  });

  it("with a ping is answered by a pong", async () => {
    const { session } = await joined(await open());
    await session.post("1:2");

    expect((await session.poll()).body).toBe("1:3");
  });

  it("with a close packet ends the session", async () => {
    const { session, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    await session.post("1:1");

    expect(await gone).toEqual(["transport close"]);
    expect(await session.isGone()).toBe(true);
  });

  it("with a pong, which is the server's to send, ends the session", async () => {
    const { session, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    await session.post("1:3");

    expect((await gone)[0]).toBe("transport error");
  });
});

/** Rows 91 to 96 of the inputs that a server has to survive: each ends its session and nothing else. */
const REFUSED: [what: string, body: string | Buffer][] = [
  ["a length that is too long", "5:40"],
  ["a negative length", "-1:40"],
  ["no length", "abc"],
  ["a length beyond the limit", "9999999:4"],
  ["an empty length", ":4"],
  ["400 digits", `${"9".repeat(400)}:4`],
  ["a length in bytes", "5:4🐦"],
  ["an unknown type", "1:x"],
  ["digits of bytes without an end", Buffer.alloc(20, 1)],
  ["a digit of bytes above nine", bytes("00 0a ff 32")],
  ["text of bytes that is not UTF-8", bytes("00 03 ff 34c328")],
  ["bytes of 400 digits", Buffer.concat([Buffer.from([0]), Buffer.alloc(400, 9), bytes("ff 34")])],
];

const EVENT = '9:42["say"]';

const REFUSED_HERE = [
  ["a length with an exponent", "1e0:2"],
  ["a length with a sign", "+1:2"],
  ["a length with a space", " 1:2"],
  ["a hexadecimal length", "0x1:2"],
  ["a length with a leading zero", "01:2"],
  ["a length of zero", "0:1:2"],
  ["a bare b", "1:b"],
  ["base64 of another type", "2:b2"],
  ["what is no base64", "5:b4!!!"],
  ["bytes of another type", bytes("02 01 ff 32")],
  ["bytes of length zero", bytes("01 00 ff")],
  ["bytes that end early", bytes("00 09 ff 32")],
  ["bytes that are no message", bytes("01 01 ff 02")],
] as const satisfies [what: string, body: string | Buffer][];

describe("of what is posted by Engine.IO 3,", () => {
  async function endOf(body: string | Buffer): Promise<unknown> {
    const stage = await open();
    const { session, socket } = await joined(stage);
    const gone = nextEvent(socket, "disconnect");
    const { status } = await session.post(body);
    expect(status).toBe(200);
    return (await gone)[0];
  }

  it.each(REFUSED)("a payload with %s is a parse error", async (_what, body) => {
    expect(await endOf(body)).toBe("parse error");
  });

  for (const [what, body] of REFUSED_HERE) {
    itIsBetterHere(`a payload of Engine.IO 3 with ${what} is a parse error`, async () => {
      expect(await endOf(body)).toBe("parse error");
    });
  }

  itIsBetterHere("a payload of Engine.IO 3 with more packets than the limit is a parse error", async () => {
    expect(await endOf(EVENT.repeat(10_001))).toBe("parse error");
  });

  it("a payload of as many packets as the limit is taken", async () => {
    const { session } = await joined(await open());
    await session.post(`${EVENT.repeat(9_999)}1:2`);

    expect((await session.poll()).body).toBe("1:3");
  });
});
