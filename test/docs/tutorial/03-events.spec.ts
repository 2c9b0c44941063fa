import { nextEvent } from "../../support/waiting.js";
import { ClockService } from "../examples/tutorial/03-events/clock.service.js";
import { EventsGateway } from "../examples/tutorial/03-events/events.gateway.js";
import { describeChapter } from "../support/chapter.js";

describeChapter("tutorial/03-events", [EventsGateway, ClockService], (chapter) => {
  it("answers messages and events of its own, with several arguments", async () => {
    const client = await chapter.connect();
    client.send("hi");
    expect(await nextEvent(client, "message")).toEqual(['You said "hi".']);
    client.emit("move", 3, 4);
    expect(await nextEvent(client, "moved")).toEqual([{ x: 3, y: 4 }]);
  });

  it("refuses orders of nothing", async () => {
    const client = await chapter.connect();
    client.emit("order", { item: "buns", count: 0 });

    expect(await nextEvent(client, "exception")).toMatchObject([
      { event: "order", error: { code: "VALIDATION_FAILED", details: [{ path: "count" }] } },
    ]);
  });

  it("emits later what has become of an order, and the time to everybody", async () => {
    const client = await chapter.connect();
    client.emit("order", { item: "buns", count: 2 });

    expect(await nextEvent(client, "order:taken")).toEqual([{ item: "buns", count: 2 }]);
    expect(await nextEvent(client, "order:ready")).toEqual(["buns"]);
    expect(await nextEvent(client, "time")).toEqual([expect.any(Number)]);
  });
});
