// client.mjs
import { once } from "node:events";
import { io } from "socket.io-client";

const url = process.argv[2] ?? "http://localhost:3000";

const ann = io(url, { forceNew: true });
await once(ann, "connect");
const bob = io(url, { forceNew: true });
await once(ann, "arrived");
console.log("Ann sees somebody come");

for (const [name, socket] of Object.entries({ ann, bob })) {
  socket.on("shouted", (text) => console.log(`${name} hears ${text}`));
  socket.on("told", (text) => console.log(`${name} is told ${text}`));
}
ann.emit("shout", "hello");
await Promise.all([once(ann, "shouted"), once(bob, "shouted")]);
ann.emit("tell", "a secret");
await once(bob, "told");

bob.disconnect();
await once(ann, "left");
console.log("Ann sees somebody go");
ann.disconnect();
