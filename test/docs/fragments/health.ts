import type { Express } from "express";
import type { Application } from "rookery";

export function serveReadiness(web: Express, app: Application): void {
  web.get("/ready", async (_request, response) => {
    const { isReady, failing } = await app.health.readiness();
    response.status(isReady ? 200 : 503).json({ failing });
  });
}
