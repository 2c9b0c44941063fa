import { isClass, type Class } from "./class.js";
import type { ExecutionContext } from "./execution-context.js";

/** Which parameter a pipe works for. */
export interface ArgumentMetadata {
  /** Where the value comes from: an argument of the event, `auth`, or what another parameter decorator reads. */
  readonly type: "payload" | "auth" | "custom";
  /** The type written for the parameter: a DTO class, `String`, `Number`…; `undefined` when it says nothing. */
  readonly metatype: unknown;
  /** Which argument of the event, counted from 0; `undefined` for what is none, or when the handler takes one only. */
  readonly argument: number | undefined;
  /** What the decorator was given: the name of `@Query("page")`. */
  readonly data: string | undefined;
  /** Whether an argument may be missing: `undefined`, or `null` before others. */
  readonly isOptional: boolean;
  readonly context: ExecutionContext;
}

/**
 * Changes a value on its way to a parameter, before the value is checked against the parameter's type.
 *
 * It returns the new value, or a promise of it. A thrown `GatewayException` is the client's answer.
 */
export interface PipeTransform<In = never, Out = unknown> {
  transform(value: In, metadata: ArgumentMetadata): Out | PromiseLike<Out>;
}

/** Whether `value` is a pipe, or a class of pipes; schemas have a `transform` of their own and are none. */
export function isPipe(value: unknown): value is Class<PipeTransform> | PipeTransform {
  if ((typeof value === "object" || typeof value === "function") && value !== null && "~standard" in value)
    return false;
  const holder = (isClass(value) ? value.prototype : value) as Partial<PipeTransform> | null | undefined;
  return typeof holder === "object" && typeof holder?.transform === "function";
}
