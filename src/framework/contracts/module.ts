import type { Class, InjectionToken } from "./class.js";

/**
 * How long an instance lives: `singleton` as long as the application, `transient` as long as whoever asked for it.
 * `connection` and `message` are reserved; asking for them stops the start.
 */
export type Scope = "singleton" | "transient" | "connection" | "message";

/** `token`, or `undefined` in its place when nobody provides it. */
export interface OptionalDependency {
  readonly token: InjectionToken;
  readonly optional: true;
}

/** Provides an instance of `useClass` under another name. */
export interface ClassProvider<T = unknown> {
  readonly provide: InjectionToken<T>;
  readonly useClass: Class<T & object>;
  readonly scope?: Scope;
}

/** Provides `useValue` as it is; thenables are not awaited. */
export interface ValueProvider<T = unknown> {
  readonly provide: InjectionToken<T>;
  readonly useValue: T;
}

/** Provides what `useFactory` returns or resolves; start-up waits for it. */
export interface FactoryProvider<T = unknown> {
  readonly provide: InjectionToken<T>;
  readonly useFactory: (...dependencies: never[]) => T | PromiseLike<T>;
  /** What the factory is called with, in order. */
  readonly inject?: readonly (InjectionToken | OptionalDependency)[];
  readonly scope?: Scope;
}

/** Provides the same instance under a second name. */
export interface AliasProvider<T = unknown> {
  readonly provide: InjectionToken<T>;
  readonly useExisting: InjectionToken<T>;
}

/** What `providers` lists: a class, which is its own token, or one of the forms with `provide`. */
export type Provider<T = unknown> =
  Class<T & object> | ClassProvider<T> | ValueProvider<T> | FactoryProvider<T> | AliasProvider<T>;

/** What `@Module` takes. */
export interface ModuleMetadata {
  /** Modules whose exports the providers of this one may ask for. */
  readonly imports?: readonly ModuleImport[];
  /** Gateways and everything they need. */
  readonly providers?: readonly Provider[];
  /** Tokens that importing modules see: own providers, or imported modules to hand on whole. */
  readonly exports?: readonly (InjectionToken | Class)[];
}

/** A module whose parts are made at run time, as by `forRoot(options)`; they add to what `@Module` says. */
export interface DynamicModule extends ModuleMetadata {
  readonly module: Class;
}

/** What `imports` lists: a class with `@Module`, or what a `forRoot(options)` returned. */
export type ModuleImport = Class | DynamicModule;
