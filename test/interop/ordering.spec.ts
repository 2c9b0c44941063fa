import { setImmediate as nextTurn } from "node:timers/promises";
import { describeEveryClient, engineOf, upgraded, type Pair } from "../support/clients.js";
import type { End } from "../support/both-ways.js";
import { deferred, nextEvent, nextEvents } from "../support/waiting.js";

const COUNT = 500;
const EXPECTED = Array.from({ length: COUNT }, (_, n) => [n, n % 50 === 0 ? Buffer.from([n % 256]) : `payload ${n}`]);

/** Emits numbered events, a few each turn of the event loop. */
class Talker {
  readonly #end: End;
  #next = 0;

  constructor(end: End) {
    this.#end = end;
  }

  say(count: number): void {
    const last = Math.min(this.#next + count, COUNT);
    while (this.#next < last) this.#end.emit("say", ...(EXPECTED[this.#next++] ?? []));
  }

  /** Keeps talking through `time`; half of the events are kept for after it. */
  async talkUntil(time: Promise<unknown>): Promise<void> {
    const { promise, resolve } = deferred<boolean>();
    void time.finally(() => {
      resolve(true);
    });
    while (!(await Promise.race([promise, nextTurn(false)]))) if (this.#next < COUNT / 2) this.say(2);
  }
}

describeEveryClient("the order of 500 events each way", (rig) => {
  it("is kept, none lost or doubled, from the first event through an upgrade in progress", async () => {
    const stage = await rig.open();
    const pair = await stage.pair();
    const { client, socket } = pair;
    const atClient = nextEvents(client, "say", COUNT);
    const atServer = nextEvents(socket, "say", COUNT);
    const talkers = [new Talker(socket), new Talker(client)];
    for (const talker of talkers) talker.say(20);
    if (rig.plan === "upgrade") await talkThroughUpgrade(pair, talkers);
    for (const talker of talkers) talker.say(COUNT);

    expect(await atClient).toEqual(EXPECTED);
    expect(await atServer).toEqual(EXPECTED);
    expect(await strays(pair)).toBe(0);
  });

  it("is kept between acknowledgements and events", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    const seen: string[] = [];
    socket.on("q", (n, answer) => {
      socket.emit("before", n);
      answer(n);
      socket.emit("after", n);
    });
    client.on("before", (n) => seen.push(`before ${n}`));
    client.on("after", (n) => seen.push(`after ${n}`));
    const all = nextEvents(client, "after", 50);
    for (let n = 0; n < 50; n++) client.emit("q", n, (answer: number) => seen.push(`answer ${answer}`));
    await all;

    expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => [`before ${n}`, `answer ${n}`, `after ${n}`]).flat());
  });
});

/** Says something in every turn until both ends have upgraded, and in the very turns in which they change transport. */
async function talkThroughUpgrade(pair: Pair, talkers: readonly Talker[]): Promise<void> {
  for (const end of [pair.socket.conn, engineOf(pair.client)]) {
    for (const event of ["upgrading", "upgrade"]) {
      end.on(event, () => {
        for (const talker of talkers) talker.say(25);
      });
    }
  }
  const done = upgraded(pair);
  await Promise.all(talkers.map((talker) => talker.talkUntil(done)));
}

/** How many events still come, on both ends, before one that is sent now. */
async function strays({ client, socket }: Pair): Promise<number> {
  let count = 0;
  for (const end of [client, socket]) end.on("say", () => (count += 1));
  const fences = Promise.all([nextEvent(client, "fence"), nextEvent(socket, "fence")]);
  socket.emit("fence");
  client.emit("fence");
  await fences;
  return count;
}
