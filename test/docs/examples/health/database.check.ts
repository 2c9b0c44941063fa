// database.check.ts
import { type HealthCheck, Injectable } from "rookery";

@Injectable()
export class Database {
  isConnected = true;

  async ping(): Promise<void> {
    await Promise.resolve();
    if (!this.isConnected) throw new DOMException("not connected", "NetworkError");
  }
}

@Injectable()
export class DatabaseCheck implements HealthCheck {
  readonly name = "database";

  constructor(private readonly database: Database) {}

  async check(): Promise<void> {
    await this.database.ping(); // a rejection, or `false`, means that it is not well
  }
}
