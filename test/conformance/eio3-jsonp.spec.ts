import { itIsBetterHere } from "../support/better-here.js";
import { OldPollingSession } from "../support/old-polling.js";
import type { ServerOptions, Socket } from "../support/peer.js";
import { send } from "../support/raw-http.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent } from "../support/waiting.js";

const FORM = "application/x-www-form-urlencoded";

const openAny = useStages();
const open = (options: Partial<ServerOptions> = {}): Promise<Stage> => openAny({ allowEIO3: true, ...options });

/** A session whose client has no way to take bytes, which it says so itself. */
async function joined(stage: Stage): Promise<{ session: OldPollingSession; socket: Socket }> {
  const connected = nextEvent(stage.io, "connection");
  const session = await OldPollingSession.join(stage, "&j=3&b64=1");
  const [socket] = (await connected) as [Socket];
  return { session, socket };
}

/** What the client's callback number 3 is called with. */
function payloadOf(script: string): unknown {
  const [, json = ""] = /^___eio\[3\]\((".*")\);$/.exec(script) ?? [];
  return JSON.parse(json);
}

describe("JSONP polling", () => {
  it("is answered with scripts that call the client's callback", async () => {
    const { session, socket } = await joined(await open());
    const { status, body: opening } = session.opening;
    socket.emit("say", 'é "\u2028</script>');
    const { body } = await session.poll();

    expect(status).toBe(200);
    expect(payloadOf(opening)).toMatch(/^\d+:0\{"sid":"[\w-]{20}","upgrades":\["websocket"\],/);
    expect(payloadOf(body)).toBe('26:42["say","é \\"\u2028</script>"]');
    expect(body).not.toContain("\u2028");
  });

  itIsBetterHere("answers by JSONP with what browsers take for a script and for nothing else", async () => {
    const { headers } = await send(await open(), "EIO=3&transport=polling&j=0");

    expect(headers).toMatchObject({
      "content-type": "text/javascript; charset=UTF-8",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
  });

  it("brings bytes as base64", async () => {
    const { session, socket } = await joined(await open());
    socket.emit("bin", Buffer.from([1, 2, 3]));

    expect((await session.poll()).body).toBe(
      '___eio[3]("41:451-[\\"bin\\",{\\"_placeholder\\":true,\\"num\\":0}]6:b4AQID");',
    );
  });

  it.each([
    ["alert(1)//", "___eio[1]("],
    ["0](alert)//", "___eio[0]("],
    ["x", "___eio[]("],
  ])("keeps of the index %j the digits", async (index, head) => {
    const { body } = await send(await open(), `EIO=3&transport=polling&j=${encodeURIComponent(index)}`);

    expect(body.startsWith(`${head}"`)).toBe(true);
  });

  it("takes packets from a form, with line breaks as clients write them", async () => {
    const { session, socket } = await joined(await open());
    const heard = nextEvent(socket, "say");
    const packet = '42["say","a\\nb & c+d é"]';
    const body = `${packet.length}:${packet}`.replaceAll("\\n", "\\\\n");
    const reply = await session.post(`d=${encodeURIComponent(body)}`, FORM);

    expect(reply).toEqual({ status: 200, type: "text/html", body: "ok" });
    expect(await heard).toEqual(["a\nb & c+d é"]);
  });

  it("takes base64 from a form", async () => {
    const { session, socket } = await joined(await open());
    const heard = nextEvent(socket, "bin");
    await session.post(`d=${encodeURIComponent('41:451-["bin",{"_placeholder":true,"num":0}]6:b4AQID')}`, FORM);

    expect(await heard).toEqual([Buffer.from([1, 2, 3])]);
  });

  it.each(["d=5%3A40", "d=abc", "d=%E0%A4%A"])("ends the session for the form %j", async (form) => {
    const { session, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    await session.post(form, FORM);

    expect((await gone)[0]).toBe("parse error");
  });

  for (const [what, form] of [
    ["nothing", ""],
    ["another field", "x=1"],
    ["the field twice", "d=2%3A40&d=2%3A40"],
  ] as const) {
    itIsBetterHere(`ends a session by JSONP for ${what}`, async () => {
      const { session, socket } = await joined(await open());
      const gone = nextEvent(socket, "disconnect");
      await session.post(form, FORM);

      expect((await gone)[0]).toBe("parse error");
    });
  }

  itIsBetterHere("is not for clients of Engine.IO 4 unless the server allows it", async () => {
    const { body } = await send(await open(), "EIO=4&transport=polling&j=0");

    expect(body).toMatch(/^0\{"sid"/);
  });

  it("is for clients of Engine.IO 4 when the server allows it", async () => {
    const { body } = await send(await open({ allowJSONP: true }), "EIO=4&transport=polling&j=0");

    expect(body).toMatch(/^___eio\[0\]\("0\{\\"sid\\":/);
  });
});
