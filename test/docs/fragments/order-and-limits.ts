import { createClient } from "redis";
import { Application, redisRateLimits, type ModuleImport } from "rookery";

export async function create(AppModule: ModuleImport): Promise<Application> {
  const client = await createClient({ url: process.env.REDIS_URL, disableOfflineQueue: true }).connect();
  const app = await Application.create(AppModule, {
    rateLimits: { store: redisRateLimits(client), onStoreFailure: "memory", storeTimeout: "1s" },
  });
  return app;
}
