import { plainToInstance } from "class-transformer";
import { validate } from "class-validator";
import { OrderDto } from "./order-dto.js";

/** The event `order`, with validation by hand, as one writes it without a framework. */
export async function order(value: object, ack: (answer: unknown) => void): Promise<void> {
  const instance = plainToInstance(OrderDto, value);
  const errors = await validate(instance, { whitelist: true, forbidUnknownValues: true });
  ack(errors.length > 0 ? { errors: errors.length } : { accepted: instance.items.length });
}
