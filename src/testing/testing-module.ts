import {
  buildApplication,
  Module,
  type AbstractClass,
  type Application,
  type ApplicationOptions,
  type Class,
  type FactoryProvider,
  type InjectionToken,
  type ModuleMetadata,
  type ProviderOverride,
} from "../framework/index.js";
import { LogBook } from "./log-book.js";
import { TestingApplication } from "./testing-application.js";

/** Says what stands in for a provider. */
export interface ProviderReplacement<T> {
  /** This very object; as much of the provider as the test calls. */
  useValue(value: T extends object ? Partial<T> : unknown): TestingModuleBuilder;
  /** An instance of this class; what it needs is injected. */
  useClass(type: Class<T & object>): TestingModuleBuilder;
  /** What the factory returns or resolves; `inject` names what it is called with. */
  useFactory(factory: FactoryProvider["useFactory"], inject?: FactoryProvider["inject"]): TestingModuleBuilder;
}

/** Where tests begin. */
export const Test = {
  /**
   * Begins an application made of these parts, as one more module around them.
   *
   * @param options - as of `Application.create`. A `logger` gets what is logged; by default it is kept in `app.log` and
   * not printed: a failing matcher shows it, and an `INTERNAL` error has what was thrown as its `cause`.
   */
  createTestingModule(metadata: ModuleMetadata, options: ApplicationOptions = {}): TestingModuleBuilder {
    return new TestingModuleBuilder(metadata, options);
  },
};

/** The module around the parts that a test names. */
@Module({})
class TestingModule {}

/** An application in the making. */
export class TestingModuleBuilder {
  readonly #metadata: ModuleMetadata;
  readonly #options: ApplicationOptions;
  readonly #overrides: ProviderOverride[] = [];
  readonly #configurations: ((application: Application) => unknown)[] = [];

  /** @internal */
  constructor(metadata: ModuleMetadata, options: ApplicationOptions) {
    this.#metadata = metadata;
    this.#options = options;
  }

  /** Replaces a provider, guards and filters included, in every module that lists it. The last replacement counts. */
  overrideProvider<T>(token: InjectionToken<T> | AbstractClass<T & object>): ProviderReplacement<T> {
    const provide = token as InjectionToken;
    const replace = (override: ProviderOverride): this => {
      this.#overrides.push(override);
      return this;
    };
    return {
      useValue: (useValue) => replace({ provide, useValue }),
      useClass: (useClass) => replace({ provide, useClass }),
      useFactory: (useFactory, inject = []) => replace({ provide, useFactory, inject }),
    };
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
    const log = new LogBook(this.#options.logger);
    const application = await buildApplication(
      { module: TestingModule, ...this.#metadata },
      { ...this.#options, logger: log, overrides: this.#overrides },
    );
    for (const configure of this.#configurations) await configure(application);
    await application.init();
    return new TestingApplication(application, log);
  }
}
