// client.mjs
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const [, , url = "http://localhost:3000", name = "Ann", room = "attic"] = process.argv;
const chat = io(`${url}/chat`);

// After every reconnect, too: to the server that is a new connection.
chat.on("connect", () => {
  chat.emit("enter", { name, room }, (answer) => {
    if (answer.error) return refuse(answer);
    console.log(`You are in the ${room}.`);
    answer.forEach(show);
  });
});
chat.on("entered", (who) => console.log(`* ${who} comes in`));
chat.on("said", show);
chat.on("left", (who) => console.log(`* ${who} leaves`));

createInterface(process.stdin)
  .on("line", (text) => chat.emit("say", { text }, refuse))
  .on("close", () => chat.disconnect());

function show({ from, text }) {
  console.log(`${from}: ${text}`);
}

function refuse({ error }) {
  if (error) console.log(`! ${error.message}`);
}
