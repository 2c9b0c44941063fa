import {
  buildApplication,
  Module,
  type Application,
  type ApplicationOptions,
  type CanActivate,
  type Class,
  type DynamicModule,
  type ExceptionFilter,
  type InjectionToken,
  type Interceptor,
  type ModuleMetadata,
  type PipeTransform,
  type ProviderOverride,
} from "../framework/index.js";
import {
  toReplacement,
  type EnhancerReplacement,
  type ModuleFactory,
  type ModuleReplacement,
  type ProviderReplacement,
  type Replaced,
} from "./replacements.js";
import { createSurroundings, type Surroundings } from "./surroundings.js";
import { TestingApplication } from "./testing-application.js";

/** Options of an application under test. */
export interface TestingOptions extends ApplicationOptions {
  /**
   * `settled()` waits for timers of handlers and hooks that are due within this time of the call: what comes later is
   * taken for a schedule. Default: 1_000; 0 waits for none.
   */
  readonly timersWithinMs?: number;
}

/** Where tests begin. */
export const Test = {
  /**
   * Begins an application made of these parts, as one more module around them.
   *
   * @param options - as of `Application.create`. A `logger` gets what is logged; by default it is kept in `app.log` and
   * not printed: a failing matcher shows it, and an `INTERNAL` error has what was thrown as its `cause`.
   */
  createTestingModule(metadata: ModuleMetadata, options: TestingOptions = {}): TestingModuleBuilder {
    return new TestingModuleBuilder(metadata, options);
  },
};

/** The module around the parts that a test names. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- a module is a class
class TestingModule {}
// Decorated in place, the class would be renamed when the files are joined, and errors name it.
Module({})(TestingModule);

/** An application in the making. */
export class TestingModuleBuilder {
  readonly #metadata: ModuleMetadata;
  readonly #options: ApplicationOptions;
  readonly #timersWithinMs: number | undefined;
  readonly #overrides: ProviderOverride[] = [];
  readonly #modules = new Map<Class, ModuleFactory>();
  #withoutHooks = false;
  #mocker: ((token: InjectionToken) => unknown) | undefined;
  readonly #configurations: ((application: Application) => unknown)[] = [];

  /** @internal */
  constructor(metadata: ModuleMetadata, { timersWithinMs, ...options }: TestingOptions) {
    this.#metadata = metadata;
    this.#options = options;
    this.#timersWithinMs = timersWithinMs;
  }

  /**
   * Replaces a provider in every module that lists it. Of several replacements the last counts. What it needs is taken from
   * that module, or else from what this builder was given.
   */
  overrideProvider<T>(token: Replaced<T>): ProviderReplacement<T, this> {
    return toReplacement({ provide: token }, (override) => this.#replace(override));
  }

  /**
   * Replaces a guard wherever it stands: on gateways and methods, among the global ones by its class, under `APP_GUARD`.
   * `APP_GUARD` itself stands for all that are provided under it. Guards that were made by hand, `@UseGuards(new Guard())`,
   * cannot be replaced.
   */
  overrideGuard(guard: Replaced<CanActivate>): EnhancerReplacement<CanActivate, this> {
    return this.#overrideEnhancer("guards", guard);
  }

  /** {@link overrideGuard} for interceptors. */
  overrideInterceptor(interceptor: Replaced<Interceptor>): EnhancerReplacement<Interceptor, this> {
    return this.#overrideEnhancer("interceptors", interceptor);
  }

  /** {@link overrideGuard} for pipes. */
  overridePipe(pipe: Replaced<PipeTransform>): EnhancerReplacement<PipeTransform, this> {
    return this.#overrideEnhancer("pipes", pipe);
  }

  /** {@link overrideGuard} for filters. What stands in is given all errors, unless its class has `@Catch` too. */
  overrideFilter(filter: Replaced<ExceptionFilter>): EnhancerReplacement<ExceptionFilter, this> {
    return this.#overrideEnhancer("filters", filter);
  }

  /** Imports another module wherever this one is imported, also as a dynamic module such as `forRoot()` makes. */
  overrideModule(type: Class): ModuleReplacement<this> {
    const useFactory = (factory: ModuleFactory): this => {
      this.#modules.set(type, factory);
      return this;
    };
    const useModule = (module: Class | DynamicModule): this => useFactory(() => module);
    return { useModule, useClass: useModule, useValue: useModule, useFactory };
  }

  /**
   * Provides what nobody provides: `mock` is called once with each token that somebody needs in vain, `@Optional()` ones
   * too. What it returns is the value in every module; `undefined` leaves it missing. {@link autoMock} is one.
   */
  useMocker(mock: (token: InjectionToken) => unknown): this {
    this.#mocker = mock;
    return this;
  }

  /** Runs before the start, for what `main.ts` does there: `configure((app) => app.useGlobalGuards(…))`. */
  configure(configuration: (application: Application) => unknown): this {
    this.#configurations.push(configuration);
    return this;
  }

  /**
   * Makes the application and starts it, without a port.
   *
   * @throws GatewayError for whatever would stop the real one: see `Application.create`.
   */
  async compile(): Promise<TestingApplication> {
    return this.#start(createSurroundings({ ...this.#options, timersWithinMs: this.#timersWithinMs }));
  }

  /** The same for single calls: hooks of start and end do not run. @internal */
  async compileUnit(): Promise<TestingApplication> {
    this.#withoutHooks = true;
    return this.compile();
  }

  async #start(surroundings: Surroundings): Promise<TestingApplication> {
    const { log: logger, clock } = surroundings;
    const moduleOverrides = new Map<Class, Class | DynamicModule>();
    for (const [type, make] of this.#modules) moduleOverrides.set(type, await make());
    const application = await buildApplication(
      { module: TestingModule, ...this.#metadata },
      {
        ...this.#options,
        logger,
        clock,
        overrides: this.#overrides,
        moduleOverrides,
        mockMissing: this.#mocker,
        withoutHooks: this.#withoutHooks,
      },
    );
    for (const configure of this.#configurations) await configure(application);
    await application.init();
    return new TestingApplication(application, surroundings, () => this.#start(surroundings));
  }

  #replace(override: ProviderOverride): this {
    this.#overrides.push(override);
    return this;
  }

  #overrideEnhancer<T extends object>(
    enhancer: NonNullable<ProviderOverride["enhancer"]>,
    provide: Replaced<T>,
  ): EnhancerReplacement<T, this> {
    return toReplacement<T, this>({ provide, enhancer }, (override) => this.#replace(override)) as EnhancerReplacement<
      T,
      this
    >;
  }
}
