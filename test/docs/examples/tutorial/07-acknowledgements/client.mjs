// client.mjs
import { once } from "node:events";
import { io } from "socket.io-client";

const url = `${process.argv[2] ?? "http://localhost:3000"}/admin`;
const ann = io(url, { forceNew: true });
const bob = io(url, { forceNew: true });
await Promise.all([once(ann, "connect"), once(bob, "connect")]);

// The client asks.
console.log(await ann.emitWithAck("add", 2, 3));
const { error } = await ann.emitWithAck("add", 2, "three");
console.log(error.code);

// The server asks back.
ann.on("sure?", (question, answer) => {
  console.log(question);
  answer({ isSure: true });
});
console.log(await ann.emitWithAck("restart", "the mill"));

// The server asks everybody else.
bob.on("vote?", (question, answer) => answer("yes"));
console.log(await ann.emitWithAck("vote", "Lunch at noon?"));

ann.disconnect();
bob.disconnect();
