// client.mjs
import { once } from "node:events";
import { io } from "socket.io-client";

const url = process.argv[2] ?? "http://localhost:3000";

const news = io(`${url}/news`);
const [headlines] = await once(news, "headlines");
console.log(headlines);
console.log(`${await news.emitWithAck("publish", "Nests are full")} headlines`);

const oslo = io(`${url}/weather/oslo`);
const rome = io(`${url}/weather/rome`);
console.log(await oslo.emitWithAck("now"));
console.log(await rome.emitWithAck("now"));
console.log(oslo.io === news.io ? "all over one connection" : "each over its own");

const atlantis = io(`${url}/weather/atlantis`);
atlantis.on("connect_error", ({ message }) => {
  console.log(message);
  for (const socket of [news, oslo, rome, atlantis]) socket.disconnect();
});
