import { Application } from "rookery";
import { io, type Socket } from "socket.io-client";
import { AppModule } from "../src/app.module.js";

/** End to end: a real server on a free port, and the client that browsers use. */
describe("The app", () => {
  let app: Application;
  let client: Socket;

  beforeAll(async () => {
    app = await Application.create(AppModule);
    await app.listen(0, "127.0.0.1");
    client = io(`http://127.0.0.1:${app.address().port}`);
  });

  afterAll(async () => {
    client.disconnect();
    await app.close();
  });

  it("greets a Socket.IO client", async () => {
    expect(await client.emitWithAck("greet", { name: "Ann" })).toEqual({ text: "Hello, Ann!" });
  });
});
