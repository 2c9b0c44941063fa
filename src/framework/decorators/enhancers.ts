import type { AbstractClass, Class } from "../contracts/class.js";
import { CATCHES } from "../metadata/keys.js";
import { gatewayRecord, methodRecord } from "../metadata/records.js";
import { setRecord } from "../metadata/store.js";
import type { FilterLike, GuardLike, MethodRecord } from "../metadata/types.js";

/**
 * Guards a handler, or on a class every connection and every event of the gateway. Runs after the global guards, class
 * before method, in the order written. Classes are made by the container, with what they inject.
 */
export function UseGuards(...guards: GuardLike[]): ClassDecorator & MethodDecorator {
  return (target: object, method?: string | symbol) => {
    // Decorators run from the bottom up; what stands on top comes first.
    enhanced(target, method, "UseGuards").guards.unshift(...guards);
  };
}

/** Filters what a handler throws, or on a class what any handler or hook of the gateway throws. Method before class. */
export function UseFilters(...filters: FilterLike[]): ClassDecorator & MethodDecorator {
  return (target: object, method?: string | symbol) => {
    enhanced(target, method, "UseFilters").filters.unshift(...filters);
  };
}

/** Limits a filter to errors of these classes. Without it, a filter sees everything. */
export function Catch(...types: AbstractClass[]): ClassDecorator {
  return (target) => {
    setRecord(CATCHES, target as unknown as Class, types);
  };
}

function enhanced(
  target: object,
  method: string | symbol | undefined,
  decorator: string,
): Pick<MethodRecord, "guards" | "filters"> {
  const isOnClass = method === undefined && typeof target === "function";
  return isOnClass ? gatewayRecord(target as Class) : methodRecord(target, method, decorator);
}
