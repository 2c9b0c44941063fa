// main.ts
import { Application, Module } from "rookery";
import { Database, DatabaseCheck } from "./database.check.js";

@Module({ providers: [Database] })
class AppModule {}

export async function start(port: number): Promise<Application> {
  const app = await Application.create(AppModule, { health: { checks: [DatabaseCheck], checkTimeout: "1s" } });
  return app.listen(port, "127.0.0.1");
}
