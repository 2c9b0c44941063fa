import type { AckDecoder } from "../core.js";
import { isClass, type Class } from "./contracts/class.js";
import { isStandardSchema, type StandardSchema } from "./contracts/standard-schema.js";
import { schemaValidator } from "./validation/standard-schema.js";
import type { ValidationOptions } from "./validation/options.js";
import type { Validator } from "./validation/validator.js";

/**
 * Makes a decoder for `operator.decode()` of the core: the first argument of a client's acknowledgement is checked
 * against the class, and made an instance of it; or it becomes what the schema makes of it. What breaks the rules is
 * refused as AckDecodeError, whose cause has the issues.
 *
 * @param type - a DTO class, `[Dto]` for a list, or a Standard Schema (zod, valibot, arktype…).
 * @param options - as of the application's option `validation`.
 * @example
 * const { accepted } = await socket.timeout(5_000).decode(ackAs(Decision)).emitWithAck("accept?", offer);
 */
export function ackAs<T>(type: StandardSchema<T>, options?: ValidationOptions): AckDecoder<T>;
export function ackAs<T extends object>(type: Class<T>, options?: ValidationOptions): AckDecoder<T>;
export function ackAs<T extends object>(type: readonly [Class<T>], options?: ValidationOptions): AckDecoder<T[]>;
export function ackAs(
  type: StandardSchema | Class | readonly [Class],
  options: ValidationOptions = {},
): AckDecoder<unknown> {
  if (isStandardSchema(type)) {
    const { validate } = schemaValidator({ schema: type, isArray: false, argument: undefined }, options);
    return (answer) => validate(answer);
  }
  let validator: Validator | undefined;
  return async (answer) => {
    validator ??= await dtoValidator(type, options);
    return validator.validate(answer);
  };
}

/** The libraries behind it are loaded when first needed: they take longer to load than everything else. */
async function dtoValidator(type: Class | readonly [Class], options: ValidationOptions): Promise<Validator> {
  const dto = await import("./validation/dto-validator.js");
  const isArray = !isClass(type);
  const item = isArray ? type[0] : type;
  return dto.dtoValidator({ type: item, isArray, argument: undefined, where: `ackAs(${item.name})` }, options);
}
