import { itIsBetterHere } from "../support/better-here.js";
import type { Socket } from "../support/peer.js";
import { PollingSession } from "../support/raw-http.js";
import { RawWebSocket, type Frame } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent } from "../support/waiting.js";

const open = useStages();

/** The reason and the close code with which the server answers these frames. */
async function reactionTo(stage: Stage, frames: readonly Frame[]): Promise<unknown[]> {
  const connected = nextEvent(stage.io, "connection");
  const client = await RawWebSocket.join(stage);
  const [socket] = (await connected) as [Socket];
  for (const event of ["bin", "say", "connect"]) {
    socket.on(event, () => {
      client.close();
    });
  }
  const gone = nextEvent(socket, "disconnect");
  client.send(...frames);
  const [reason] = await gone;
  return [reason, await client.closeCode()];
}

const bytes = Buffer.from([1]);

const INVALID: [what: string, ...frames: Frame[]][] = [
  ["a type that does not exist", "47"],
  ["a letter for the type", "4a"],
  ["no packet at all", "4"],
  ["an object for the arguments", "42{}"],
  ["an empty array", "42[]"],
  ["a string for the arguments", '42"x"'],
  ["null for the arguments", "42null"],
  ["JSON that ends early", '42["x"'],
  ["what is no JSON", "42[x]"],
  ["null for the event", "42[null]"],
  ["a boolean for the event", "42[true]"],
  ["an object for the event", '42[{"toString":"say"}]'],
  ["an array for the event", '42[["say"]]'],
  ["an event named connect", '42["connect"]'],
  ["an event named connect_error", '42["connect_error"]'],
  ["an event named disconnect", '42["disconnect"]'],
  ["an event named disconnecting", '42["disconnecting"]'],
  ["an event named newListener", '42["newListener"]'],
  ["an event named removeListener", '42["removeListener"]'],
  ["an event for a namespace that was not joined", '42/admin,["say"]'],
  ["an acknowledgement for a namespace that was not joined", '43/admin,1["say"]'],
  ["an object for the acknowledgement", "431{}"],
  ["a negative id", '42-5["say"]'],
  ["a fractional id", '421.5["say"]'],
  ["an id with an exponent", '421e3["say"]'],
  ["an array for auth", "40[]"],
  ["a string for auth", '40"token"'],
  ["a disconnection with data", '41{"a":1}'],
  ["a connection error from the client", '44"no"'],
  ["no attachments", '450-["bin"]'],
  ["a negative number of attachments", '45-1-["bin"]'],
  ["more attachments than are allowed", '4511-["bin"]'],
  ["no number of attachments", '45["bin"]'],
  ["a placeholder beyond the attachments", '451-["bin",{"_placeholder":true,"num":1}]', bytes],
  ["a placeholder below zero", '451-["bin",{"_placeholder":true,"num":-1}]', bytes],
  ["a placeholder that is no number", '451-["bin",{"_placeholder":true,"num":"splice"}]', bytes],
  ["an attachment that nothing announced", bytes],
  ["text where an attachment was announced", '451-["bin",{"_placeholder":true,"num":0}]', '42["say"]'],
];

const LENIENT = {
  "an event without data": ["42"],
  "an event without data but with an id": ["420"],
  "a space before the arguments": ['42 ["say"]'],
  "a number of attachments with an exponent": ['451e0-["bin",{"_placeholder":true,"num":0}]', bytes],
  "a fractional placeholder": ['451-["bin",{"_placeholder":true,"num":0.5}]', bytes],
  "JSON nested 100,000 deep": [`42["deep",${"[".repeat(100_000)}${"]".repeat(100_000)}]`],
} as const satisfies Record<string, readonly Frame[]>;

describe("a connection is closed by", () => {
  it.each(INVALID)("%s", async (_what, ...frames) => {
    expect(await reactionTo(await open(), frames)).toEqual(["forced close", 1005]);
  });

  for (const [what, frames] of Object.entries(LENIENT) as [keyof typeof LENIENT, readonly Frame[]][]) {
    itIsBetterHere(what, async () => {
      const stage = await open();
      const reaction = reactionTo(stage, [...frames, '42["say"]']);

      expect(await reaction).toEqual(["forced close", 1005]);
    });
  }

  it("an event before CONNECT", async () => {
    const client = await RawWebSocket.open(await open());
    await client.next();
    client.send('42["say"]');

    expect(await client.closeCode()).toBe(1005);
  });

  itIsBetterHere("a space for a type", async () => {
    const client = await RawWebSocket.open(await open());
    await client.next();
    client.send("4 ");

    await expect(client.next()).rejects.toThrow("closed with 1005");
  });

  it("an event after DISCONNECT", async () => {
    const stage = await open();
    const connected = nextEvent(stage.io, "connection");
    const client = await RawWebSocket.join(stage);
    const [socket] = (await connected) as [Socket];
    const gone = nextEvent(socket, "disconnect");
    client.send("41");
    await gone;
    client.send('42["say"]');

    expect(await client.closeCode()).toBe(1005);
  });

  it("an invalid packet over polling", async () => {
    const stage = await open();
    const session = await PollingSession.join(stage);
    expect((await session.post("42{}")).body).toBe("ok");
    // The first one may be there to collect the close packet.
    await session.poll();

    expect(await session.isGone()).toBe(true);
  });
});

describe("an invalid packet", () => {
  it("ends its own connection only", async () => {
    const stage = await open();
    const other = await RawWebSocket.join(stage);
    await reactionTo(stage, ["42{}"]);
    stage.io.emit("say", 1);

    expect(await other.next()).toBe('42["say",1]');
  });
});
