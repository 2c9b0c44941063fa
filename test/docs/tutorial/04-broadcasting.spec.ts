import { Journal } from "../../support/journal.js";
import { nextEvent } from "../../support/waiting.js";
import { BroadcastingGateway } from "../examples/tutorial/04-broadcasting/broadcasting.gateway.js";
import { describeChapter } from "../support/chapter.js";

/** What is volatile is lost while a transport is busy, as one of long polling often is. */
const WEBSOCKET = { transports: ["websocket"] };

describeChapter("tutorial/04-broadcasting", [BroadcastingGateway], (chapter) => {
  it("reaches everybody, or everybody else", async () => {
    const ann = await chapter.connect("/", WEBSOCKET);
    const arrived = nextEvent(ann, "arrived");
    const bob = await chapter.connect("/", WEBSOCKET);
    expect(await arrived).toEqual([bob.id]);
    const [annHears, bobHears] = [new Journal(ann), new Journal(bob)];

    ann.emit("point", 1, 2);
    ann.emit("tell", "a secret");
    ann.emit("shout", "hello");
    expect(await annHears.before("shouted")).toEqual([]);
    expect(await bobHears.before("shouted")).toEqual([
      ["pointed", 1, 2],
      ["told", "a secret"],
    ]);
  });

  it("tells those who stay that somebody has gone", async () => {
    const [ann, bob] = [await chapter.connect(), await chapter.connect()];
    const { id } = bob;
    const left = nextEvent(ann, "left");
    bob.disconnect();

    expect(await left).toEqual([id]);
  });
});
