// main.ts
import { Application, Module } from "rookery";
import { Orders, OrdersGateway } from "./orders.gateway.js";

@Module({ providers: [Orders, OrdersGateway] })
class AppModule {}

export async function start(port: number): Promise<Application> {
  const app = await Application.create(AppModule, {
    shutdown: { noticeMs: 0, drainMs: 20_000, disconnectsPerSecond: 500 },
  });
  app.enableShutdownHooks(); // SIGTERM, SIGINT
  return app.listen(port, "127.0.0.1");
}
