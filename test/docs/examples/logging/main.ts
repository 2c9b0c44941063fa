// main.ts
import { pino, type DestinationStream } from "pino";
import { Application, createLogger, Module, pinoLogger } from "rookery";
import { OrdersService } from "./orders.service.js";

@Module({ providers: [OrdersService] })
class AppModule {}

export async function withOwnLogger(write: (line: string) => void): Promise<Application> {
  const logger = createLogger({ level: "debug", format: "json", redact: ["iban"], write });
  return Application.create(AppModule, { logger });
}

export async function withPino(destination: DestinationStream): Promise<Application> {
  return Application.create(AppModule, { logger: pinoLogger(pino({}, destination)) });
}
