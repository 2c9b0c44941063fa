import type {
  AbstractClass,
  Class,
  DynamicModule,
  FactoryProvider,
  InjectionToken,
  ProviderOverride,
} from "../framework/index.js";
import type { TestingModuleBuilder } from "./testing-module.js";

/** Says what stands in for a provider. */
export interface ProviderReplacement<T> {
  /** This very object; as much of the provider as the test calls. */
  useValue(value: T extends object ? Partial<T> : unknown): TestingModuleBuilder;
  /** An instance of this class; what it needs is injected. */
  useClass(type: Class<T & object>): TestingModuleBuilder;
  /** What the factory returns or resolves; `inject` names what it is called with. */
  useFactory(factory: FactoryProvider["useFactory"], inject?: FactoryProvider["inject"]): TestingModuleBuilder;
}

/** Says what stands in for a guard, pipe, interceptor or filter. */
export interface EnhancerReplacement<T extends object> {
  /** This very object. */
  useValue(value: T): TestingModuleBuilder;
  /** An instance of this class; what it needs is injected. */
  useClass(type: Class<T>): TestingModuleBuilder;
  /** What the factory returns or resolves; `inject` names what it is called with. */
  useFactory(
    factory: (...dependencies: never[]) => T | PromiseLike<T>,
    inject?: FactoryProvider["inject"],
  ): TestingModuleBuilder;
}

/** Says what is imported in the place of a module. */
export interface ModuleReplacement {
  /** A module that exports what the others need of the replaced one. */
  useModule(module: Class | DynamicModule): TestingModuleBuilder;
}

/** A token, or a class that has its own. */
export type Replaced<T = unknown> = InjectionToken<T> | AbstractClass<T & object>;

/** Hands what is said to `replace`. */
export function toReplacement<T>(
  { provide, enhancer }: { readonly provide: Replaced; readonly enhancer?: ProviderOverride["enhancer"] },
  replace: (override: ProviderOverride) => TestingModuleBuilder,
): ProviderReplacement<T> {
  const target = { provide, ...(enhancer !== undefined && { enhancer }) };
  return {
    useValue: (useValue) => replace({ ...target, useValue }),
    useClass: (useClass) => replace({ ...target, useClass }),
    useFactory: (useFactory, inject = []) => replace({ ...target, useFactory, inject }),
  };
}
