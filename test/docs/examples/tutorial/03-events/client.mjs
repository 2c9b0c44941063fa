// client.mjs
import { io } from "socket.io-client";

const socket = io(process.argv[2] ?? "http://localhost:3000");

socket.on("message", (text) => console.log(text));
socket.on("moved", ({ x, y }) => console.log(`now at ${x}/${y}`));
socket.on("order:taken", ({ item, count }) => console.log(`${count} ${item}: taken`));
socket.on("exception", ({ event, error }) => console.log(`${event}: ${error.code} at ${error.details[0].path}`));

socket.send("hi");
socket.emit("move", 3, 4);
socket.emit("order", { item: "buns", count: 0 });
socket.emit("order", { item: "buns", count: 2 });

socket.on("order:ready", (item) => {
  console.log(`${item}: ready`);
  socket.once("time", () => {
    console.log("tick");
    socket.disconnect();
  });
});
