import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Application, type Logger, type ModuleImport } from "rookery";

export async function start(AppModule: ModuleImport): Promise<void> {
  const publisher = createClient({ url: process.env.REDIS_URL });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);

  const app = await Application.create(AppModule, { adapter: createAdapter(publisher, subscriber) });
  await app.listen(process.env.PORT ?? 3000);
}

type RedisClient = ReturnType<typeof createClient>;

export function surviveLoss(publisher: RedisClient, subscriber: RedisClient, logger: Logger): void {
  for (const client of [publisher, subscriber]) client.on("error", (error) => logger.warn("Redis is away", { error }));
  process.on("unhandledRejection", (error) => logger.error("nobody has waited for this", { error }));
}
