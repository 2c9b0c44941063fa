import { startChat } from "./chat-server.js";
import { explainFailure } from "./start-failure.js";

const port = process.env.PORT ?? "3000";

try {
  const app = await startChat(Number(port));
  app.enableShutdownHooks();
  process.stdout.write(`The chat is open at http://localhost:${app.address().port}\n`);
} catch (error) {
  process.stderr.write(`${explainFailure(error, port)}\n`);
  process.exit(1);
}
