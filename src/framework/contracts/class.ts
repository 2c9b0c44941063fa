/** A class that can be constructed; what its constructor takes is nobody's business but the container's. */
export type Class<T = object> = new (...args: never[]) => T;

/** A class as a token: abstract ones name what is provided as well as concrete ones. */
export type AbstractClass<T = object> = abstract new (...args: never[]) => T;

/** What a provider is asked for by. Interfaces do not exist at run time: name those by a symbol or a string. */
export type InjectionToken<T = unknown> = AbstractClass<T & object> | string | symbol;

/** A token or a module that is named by a function, called when every file has been loaded; `forwardRef` makes it. */
export interface ForwardReference<T = unknown> {
  readonly forwardRef: () => T;
}

export function isForwardReference(value: unknown): value is ForwardReference {
  return typeof value === "object" && value !== null && "forwardRef" in value;
}

/**
 * Whether `value` is a class, told apart from an arrow function such as `() => Dto` (which has no prototype).
 *
 * Old-style constructor functions count as classes.
 */
export function isClass(value: unknown): value is Class {
  return typeof value === "function" && (value as { prototype?: unknown }).prototype !== undefined;
}

export function isToken(value: unknown): value is InjectionToken {
  return typeof value === "string" || typeof value === "symbol" || isClass(value);
}

/** How people know a token. */
export function tokenName(token: unknown): string {
  if (typeof token === "function") return token.name === "" ? "an unnamed class" : token.name;
  if (typeof token === "symbol") return token.toString();
  return typeof token === "string" ? `"${token}"` : String(token);
}
