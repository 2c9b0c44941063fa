import type { AbstractClass, Class } from "../contracts/class.js";
import { CATCHES } from "../metadata/keys.js";
import { checkGiven, gatewayRecord, methodRecord } from "../metadata/records.js";
import { setRecord } from "../metadata/store.js";
import type {
  EnhancerLike,
  EnhancerRecord,
  FilterLike,
  GuardLike,
  InterceptorLike,
  PipeLike,
} from "../metadata/types.js";

/**
 * Guards a handler, or on a class every connection and every event of the gateway. Runs after the global guards, class
 * before method, in the order written. Classes are made by the container, with what they inject.
 */
export function UseGuards(...guards: GuardLike[]): ClassDecorator & MethodDecorator {
  return enhance("UseGuards", ({ guards: all }) => all, guards);
}

/**
 * Stands around a handler or hook, or on a class around all of the gateway's. Runs after the guards and inside the global
 * interceptors, class before method, the first outermost.
 */
export function UseInterceptors(...interceptors: InterceptorLike[]): ClassDecorator & MethodDecorator {
  return enhance("UseInterceptors", ({ interceptors: all }) => all, interceptors);
}

/**
 * Changes every argument and every `@Auth()` of a handler, or on a class of all of the gateway's, before they are checked
 * against their types. Runs after the global pipes, class before method, before those of the parameter itself.
 */
export function UsePipes(...pipes: PipeLike[]): ClassDecorator & MethodDecorator {
  return enhance("UsePipes", ({ pipes: all }) => all, pipes);
}

/** Filters what a handler throws, or on a class what any handler or hook of the gateway throws. Method before class. */
export function UseFilters(...filters: FilterLike[]): ClassDecorator & MethodDecorator {
  return enhance("UseFilters", ({ filters: all }) => all, filters);
}

/** Limits a filter to errors of these classes. Without it, a filter sees everything. */
export function Catch(...types: AbstractClass[]): ClassDecorator {
  return (target) => {
    checkGiven(types, "Catch", target);
    setRecord(CATCHES, target as unknown as Class, types);
  };
}

function enhance<T extends EnhancerLike>(
  decorator: string,
  listOf: (record: EnhancerRecord) => T[],
  enhancers: readonly T[],
): ClassDecorator & MethodDecorator {
  return (target: object, method?: string | symbol) => {
    checkGiven(enhancers, decorator, target, method);
    const isOnClass = method === undefined && typeof target === "function";
    const record = isOnClass ? gatewayRecord(target as Class) : methodRecord(target, method, decorator);
    // Decorators run from the bottom up; what stands on top comes first.
    listOf(record).unshift(...enhancers);
  };
}
