// orders.service.ts
import { ContextLogger, Injectable } from "rookery";

@Injectable()
export class OrdersService {
  constructor(private readonly log: ContextLogger) {} // writes under the name OrdersService

  cancel(id: number, token: string): void {
    const log = this.log.with({ order: id });
    log.info("cancelled", { token }); // token: [redacted]
  }
}
