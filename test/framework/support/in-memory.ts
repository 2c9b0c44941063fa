import type { Application, ApplicationOptions, ModuleMetadata } from "rookery";
import { Test, type TestingApplication } from "rookery/testing";

type Start = (
  metadata: ModuleMetadata,
  options?: ApplicationOptions & { readonly prepare?: (app: Application) => void },
) => Promise<TestingApplication>;

/** A way to run applications in memory in the tests of the surrounding `describe`; each is closed after its test. */
export function useInMemory(): Start {
  const running: TestingApplication[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((app) => app.close()));
  });
  return async (metadata, { prepare, ...options } = {}) => {
    const builder = Test.createTestingModule(metadata, options);
    if (prepare !== undefined) builder.configure(prepare);
    const app = await builder.compile();
    running.push(app);
    return app;
  };
}
