import type { Class, ForwardReference, InjectionToken } from "./class.js";

/**
 * How long an instance lives, and who shares it.
 *
 * | scope        | instances                                                 | disposed                         |
 * |--------------|-----------------------------------------------------------|----------------------------------|
 * | `singleton`  | one per application (the default)                         | after the closing hooks          |
 * | `transient`  | one for everyone who asks                                 | with whoever asked for it        |
 * | `connection` | one per socket, so one per client and namespace           | after its disconnect hooks       |
 * | `message`    | one per event, and one per hook of a connection that runs | when the handler has settled     |
 */
export type Scope = "singleton" | "transient" | "connection" | "message";

/** `token`; when `optional`, `undefined` in its place if nobody provides it. */
export interface OptionalDependency {
  readonly token: InjectionToken | ForwardReference<InjectionToken>;
  readonly optional: boolean;
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

/** Provides what `useFactory` returns or resolves; start-up waits for singletons, the handler for those of its scope. */
export interface FactoryProvider<T = unknown> {
  readonly provide: InjectionToken<T>;
  readonly useFactory: (...dependencies: never[]) => T | PromiseLike<T>;
  /** What the factory is called with, in order. */
  readonly inject?: readonly (InjectionToken | ForwardReference<InjectionToken> | OptionalDependency)[];
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
  /** What importing modules see: own providers, or imported modules to hand on whole. */
  readonly exports?: readonly ModuleExport[];
}

/** A module whose parts are made at run time, as by `forRoot(options)`; they add to what `@Module` says. */
export interface DynamicModule extends ModuleMetadata {
  readonly module: Class;
  /** Whether its exports are seen everywhere, as `@Global()` makes them. Default: `false`. */
  readonly global?: boolean;
}

/**
 * What `imports` lists: a class with `@Module`, what a `forRoot(options)` returned or promised, or a class that imports this
 * one in turn, named by `forwardRef`.
 */
export type ModuleImport =
  Class | DynamicModule | PromiseLike<Class | DynamicModule> | ForwardReference<Class | DynamicModule>;

/** What `exports` lists: a token, a provider as it is listed, or an imported module. */
export type ModuleExport =
  InjectionToken | Exclude<Provider, Class> | DynamicModule | ForwardReference<InjectionToken | DynamicModule>;
