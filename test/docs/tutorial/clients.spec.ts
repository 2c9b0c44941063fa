import type { Provider } from "rookery";
import { io } from "socket.io-client";
import { ConnectionGateway } from "../examples/tutorial/02-connection/connection.gateway.js";
import { ClockService } from "../examples/tutorial/03-events/clock.service.js";
import { EventsGateway } from "../examples/tutorial/03-events/events.gateway.js";
import { BroadcastingGateway } from "../examples/tutorial/04-broadcasting/broadcasting.gateway.js";
import { NewsGateway } from "../examples/tutorial/05-namespaces/news.gateway.js";
import { WeatherGateway } from "../examples/tutorial/05-namespaces/weather.gateway.js";
import { RoomsGateway } from "../examples/tutorial/06-rooms/rooms.gateway.js";
import { AdminGateway } from "../examples/tutorial/07-acknowledgements/admin.gateway.js";
import { Chapter, runClient } from "../support/chapter.js";
import { outputOf } from "../support/pages.js";

const chapter = new Chapter(io);

afterEach(() => chapter.close());

/** Those of the first and the last chapter, whose servers and clients are more than one program, have their own specs. */
it.each<[page: string, providers: Provider[]]>([
  ["tutorial/02-connection", [ConnectionGateway]],
  ["tutorial/03-events", [EventsGateway, ClockService]],
  ["tutorial/04-broadcasting", [BroadcastingGateway]],
  ["tutorial/05-namespaces", [NewsGateway, WeatherGateway]],
  ["tutorial/06-rooms", [RoomsGateway]],
  ["tutorial/07-acknowledgements", [AdminGateway]],
])("the client of docs/%s.md prints what the page says", async (page, providers) => {
  await chapter.open(providers);

  expect(await runClient(page, chapter.url)).toBe(outputOf(`docs/${page}.md`, "client.mjs"));
});
