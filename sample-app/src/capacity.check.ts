import { Injectable } from "rookery";
import type { HealthCheck } from "rookery";
import { UserService } from "./user.service.js";

/** Not ready while nobody else fits in: a load balancer then sends people to another server. */
@Injectable()
export class CapacityCheck implements HealthCheck {
  readonly name = "capacity";

  constructor(private readonly users: UserService) {}

  check(): boolean {
    return !this.users.isFull;
  }
}
