import { startServer } from "./server.js";

startServer(Number(process.env.PORT ?? 3000))
  .then((app) => {
    app.enableShutdownHooks();
    console.log(`listening on http://localhost:${app.address().port}`);
  })
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
