import { Ack, Namespace, OnEvent } from "rookery";
import { Greet } from "./dto/greet.dto.js";
import { GreetingService, type Greeting } from "./greeting.service.js";

@Namespace("/")
export class GreetingGateway {
  constructor(private readonly greetings: GreetingService) {}

  /** The client's acknowledgement is what this returns. */
  @OnEvent("greet")
  @Ack()
  greet({ name }: Greet): Greeting {
    return this.greetings.greet(name);
  }
}
