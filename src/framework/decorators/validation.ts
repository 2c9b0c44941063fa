import type { Class } from "../contracts/class.js";
import { checkGiven, gatewayRecord, methodRecord } from "../metadata/records.js";
import type { ValidationOptions } from "../validation/options.js";

/**
 * How the DTO classes of a handler or hook are checked, or on a class those of all of the gateway's. Goes over what the
 * class says, which goes over the application's option `validation`, option by option.
 */
export function Validation(options: ValidationOptions): ClassDecorator & MethodDecorator {
  return (target: object, method?: string | symbol) => {
    checkGiven([options], "Validation", target, method);
    const isOnClass = method === undefined && typeof target === "function";
    const record = isOnClass ? gatewayRecord(target as Class) : methodRecord(target, method, "Validation");
    // Decorators run from the bottom up; what stands on top wins.
    record.validation = { ...record.validation, ...options };
  };
}
