import { nextEvent, until } from "../../support/waiting.js";
import { ConnectionGateway } from "../examples/tutorial/02-connection/connection.gateway.js";
import { describeChapter } from "../support/chapter.js";

describeChapter("tutorial/02-connection", [ConnectionGateway], (chapter) => {
  it("greets whoever has a name, and says who comes and goes", async () => {
    const client = chapter.client("/", { query: { name: "Ann" } });
    expect(await nextEvent(client, "welcome")).toEqual(["Hello Ann!"]);
    const { id } = client;
    client.disconnect();
    await until(() => chapter.log.lines.length === 2, "both lines are in the log");

    expect(chapter.log.lines).toEqual(["info connected", "info disconnected"]);
    expect(chapter.log.fields).toMatchObject([
      { id, name: "Ann" },
      { id, name: "Ann", reason: "client namespace disconnect" },
    ]);
  });

  it("refuses whoever has none", async () => {
    expect(await chapter.refusal("/")).toMatchObject({ code: "UNAUTHENTICATED" });
    expect(chapter.log.lines).toEqual([]);
  });
});
