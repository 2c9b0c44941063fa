import { Journal } from "../../support/journal.js";
import { nextEvent } from "../../support/waiting.js";
import { RoomsGateway } from "../examples/tutorial/06-rooms/rooms.gateway.js";
import { ask, describeChapter } from "../support/chapter.js";

describeChapter("tutorial/06-rooms", [RoomsGateway], (chapter) => {
  it("carries what is said to the others in the room", async () => {
    const [ann, bob, eve] = [await chapter.connect(), await chapter.connect(), await chapter.connect()];
    expect(await ask(ann, "join", "attic")).toBe(1);
    const joined = nextEvent(ann, "joined");
    expect(await ask(bob, "join", "attic")).toBe(2);
    expect(await joined).toEqual(["attic"]);
    const [annHears, eveHears] = [new Journal(ann), new Journal(eve)];

    bob.emit("say", "attic", "it is dusty here");
    await ask(bob, "leave", "attic");
    expect(await annHears.before("left")).toEqual([["said", "attic", "it is dusty here"]]);
    expect(await ask(eve, "join", "cellar")).toBe(1);
    expect(eveHears.entries).toEqual([]);
  });

  it("lets nobody speak in a room from outside, were it that of a single socket", async () => {
    const [ann, bob] = [await chapter.connect(), await chapter.connect()];
    expect(await ask(bob, "join", ann.id)).toBe(1);
    expect(await ask(bob, "say", "attic", "hello?")).toMatchObject({ error: { code: "FORBIDDEN" } });
  });

  it("tells the room when somebody's connection ends", async () => {
    const [ann, bob] = [await chapter.connect(), await chapter.connect()];
    await ask(ann, "join", "attic");
    await ask(bob, "join", "attic");
    const left = nextEvent(ann, "left");
    bob.disconnect();

    expect(await left).toEqual(["attic"]);
  });
});
