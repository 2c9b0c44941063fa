import { SetMetadata } from "./decorators/set-metadata.js";
import { noteOf } from "./metadata/store.js";

/** A decorator that notes values of one type; it is also the key under which `Reflector` reads them. */
export interface MetadataDecorator<Value> {
  (value: Value): ClassDecorator & MethodDecorator;
  /** What the value is noted under. */
  readonly KEY: string | symbol;
}

/** Such a decorator, or the key that `@SetMetadata()` was given; then the type of the value is for the reader to name. */
export type MetadataKey<Value> = MetadataDecorator<Value> | string | symbol;

/** `context.getHandler()`, which is `undefined` while a whole connection is judged, or `context.getClass()`. */
export type MetadataTarget = object | undefined;

/**
 * Reads what `@SetMetadata()` and decorators of its own making have noted. Every provider may inject it.
 *
 * @example
 * const Roles = Reflector.createDecorator<string[]>();
 * const roles = reflector.getAllAndOverride(Roles, [context.getHandler(), context.getClass()]);
 */
export class Reflector {
  /** Makes a decorator for handlers and gateways. Without a `key` it has one of its own. */
  static createDecorator<Value>({
    key = Symbol("metadata"),
  }: { readonly key?: string | symbol } = {}): MetadataDecorator<Value> {
    const decorate = (value: Value) => SetMetadata(key, value);
    return Object.assign(decorate, { KEY: key });
  }

  /** What is noted on that very target, of classes also what they inherit; `undefined` without. */
  get<Value = unknown>(key: MetadataKey<Value>, target: MetadataTarget): Value | undefined {
    return target === undefined ? undefined : (noteOf(keyOf(key), target) as Value | undefined);
  }

  /** What is noted on the first of the targets that has it: the handler's word counts before that of its gateway. */
  getAllAndOverride<Value = unknown>(key: MetadataKey<Value>, targets: readonly MetadataTarget[]): Value | undefined {
    return this.getAll(key, targets).find((value) => value !== undefined);
  }

  /** What is noted on each of the targets, in their order. */
  getAll<Value = unknown>(key: MetadataKey<Value>, targets: readonly MetadataTarget[]): (Value | undefined)[] {
    return targets.map((target) => this.get(key, target));
  }
}

function keyOf(key: { readonly KEY: string | symbol } | string | symbol): string | symbol {
  return typeof key === "string" || typeof key === "symbol" ? key : key.KEY;
}
