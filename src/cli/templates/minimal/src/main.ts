import { Application } from "rookery";
import { AppModule } from "./app.module.js";

async function start(): Promise<void> {
  const app = await Application.create(AppModule);
  await app.listen(process.env.PORT ?? 3000);
  app.enableShutdownHooks();
  console.log(`listening on http://localhost:${app.address().port}`);
}

start().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
