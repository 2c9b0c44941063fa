// client.mjs
import { io } from "socket.io-client";

const url = process.argv[2] ?? "http://localhost:3000";

const nobody = io(url, { forceNew: true });
nobody.on("connect_error", (error) => {
  console.log(`refused: ${error.data.code}, ${error.message}`);
  nobody.disconnect();
  comeAsAnn();
});

function comeAsAnn() {
  const ann = io(url, { forceNew: true, query: { name: "Ann" } });
  ann.on("welcome", (text) => {
    console.log(text);
    ann.disconnect();
  });
  ann.on("disconnect", (reason) => {
    console.log(`gone: ${reason}`);
  });
}
