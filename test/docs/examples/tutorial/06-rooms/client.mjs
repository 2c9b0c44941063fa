// client.mjs
import { once } from "node:events";
import { io } from "socket.io-client";

const url = process.argv[2] ?? "http://localhost:3000";
const ann = io(url, { forceNew: true });
const bob = io(url, { forceNew: true });

console.log(`${await ann.emitWithAck("join", "attic")} in the attic`);
console.log(`${await bob.emitWithAck("join", "attic")} in the attic`);
ann.on("said", (room, text) => console.log(`${room}: ${text}`));
ann.on("left", (room) => console.log(`somebody left the ${room}`));

bob.emit("say", "attic", "it is dusty here");
bob.emit("say", "cellar", "and here?");
const [{ error }] = await once(bob, "exception");
console.log(error.message);

bob.disconnect();
await once(ann, "left");
ann.disconnect();
