import type {
  AbstractClass,
  Class,
  DynamicModule,
  FactoryProvider,
  InjectionToken,
  ProviderOverride,
} from "../framework/index.js";

/** Says what stands in for a provider. */
export interface ProviderReplacement<T, Builder> {
  /** This very object; as much of the provider as the test calls. */
  useValue(value: T extends object ? Partial<T> : unknown): Builder;
  /** An instance of this class; what it needs is injected. */
  useClass(type: Class<T & object>): Builder;
  /** What the factory returns or resolves; `inject` names what it is called with. */
  useFactory(factory: FactoryProvider["useFactory"], inject?: FactoryProvider["inject"]): Builder;
}

/** Says what stands in for a guard, pipe, interceptor or filter. */
export interface EnhancerReplacement<T extends object, Builder> {
  /** This very object. */
  useValue(value: T): Builder;
  /** An instance of this class; what it needs is injected. */
  useClass(type: Class<T>): Builder;
  /** What the factory returns or resolves; `inject` names what it is called with. */
  useFactory(factory: (...dependencies: never[]) => T | PromiseLike<T>, inject?: FactoryProvider["inject"]): Builder;
}

/** Says what is imported in the place of a module: one that exports what the others need of the replaced one. */
export interface ModuleReplacement<Builder> {
  /** A class with `@Module`, or what its `forRoot()` returns. */
  useModule(module: Class | DynamicModule): Builder;
  /** `useModule` for a class. */
  useClass(type: Class): Builder;
  /** `useModule` for a dynamic module. */
  useValue(module: DynamicModule): Builder;
  /** What the factory returns or resolves; it is called once for each application that starts. */
  useFactory(factory: ModuleFactory): Builder;
}

/** Makes a module, such as by `forRootAsync()`. */
export type ModuleFactory = () => Class | DynamicModule | PromiseLike<Class | DynamicModule>;

/** A token, or a class that has its own. */
export type Replaced<T = unknown> = InjectionToken<T> | AbstractClass<T & object>;

/** Hands what is said to `replace`. */
export function toReplacement<T, Builder>(
  { provide, enhancer }: { readonly provide: Replaced; readonly enhancer?: ProviderOverride["enhancer"] },
  replace: (override: ProviderOverride) => Builder,
): ProviderReplacement<T, Builder> {
  const target = { provide, ...(enhancer !== undefined && { enhancer }) };
  return {
    useValue: (useValue) => replace({ ...target, useValue }),
    useClass: (useClass) => replace({ ...target, useClass }),
    useFactory: (useFactory, inject = []) => replace({ ...target, useFactory, inject }),
  };
}
