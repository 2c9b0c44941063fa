// main.ts
import { Application } from "rookery";
import { AppModule } from "./app.module.js";

const app = await Application.create(AppModule, { allowEIO3: true });
app.enableShutdownHooks();
await app.listen(process.env.PORT ?? 3000);
console.log(`listening on port ${app.address().port}`);
