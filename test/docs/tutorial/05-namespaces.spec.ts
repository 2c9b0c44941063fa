import { nextEvent } from "../../support/waiting.js";
import { NewsGateway } from "../examples/tutorial/05-namespaces/news.gateway.js";
import { WeatherGateway } from "../examples/tutorial/05-namespaces/weather.gateway.js";
import { ask, describeChapter } from "../support/chapter.js";

describeChapter("tutorial/05-namespaces", [NewsGateway, WeatherGateway], (chapter) => {
  it("keeps the events of each namespace to itself", async () => {
    const news = chapter.client("/news");
    expect(await nextEvent(news, "headlines")).toEqual([["Rooks are back in town"]]);
    const headline = nextEvent(news, "headline");
    expect(await ask(news, "publish", "Nests are full")).toBe(2);
    expect(await headline).toEqual(["Nests are full"]);
    expect(await ask(news, "now")).toMatchObject({ error: { code: "NOT_FOUND" } });
  });

  it("is a namespace for each city", async () => {
    const [oslo, rome] = [await chapter.connect("/weather/oslo"), await chapter.connect("/weather/rome")];
    expect(await ask(oslo, "now")).toBe("-3 degrees in oslo");
    const measured = nextEvent(rome, "measured");
    rome.emit("measure", 18);
    expect(await measured).toEqual([18]);
    expect(await ask(oslo, "now")).toBe("-3 degrees in oslo");
    expect(await chapter.refusal("/weather/atlantis")).toMatchObject({ code: "NOT_FOUND" });
  });
});
