// client.mjs
import { io } from "socket.io-client";

const socket = io(process.argv[2] ?? "http://localhost:3000");

socket.on("connect", () => {
  console.log("connected");
  socket.disconnect();
});
