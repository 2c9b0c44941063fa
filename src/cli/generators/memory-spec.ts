/** What a spec needs to serve one class in memory. */
interface MemorySpec {
  readonly subject: string;
  /** The file that exports the subject, without extension. */
  readonly file: string;
  /** What it imports of `rookery`; nothing by default. */
  readonly uses?: string;
  /** Code between the imports and the tests. */
  readonly stage?: string;
  /** What `createTestingModule` is called with. */
  readonly module: string;
  /** What `app.connect` is called with; `undefined` leaves connecting to the tests. */
  readonly connect?: string;
  /** The tests, indented by two. */
  readonly tests: string;
}

/** A spec that runs real frames through the whole pipeline, without a port. */
export function memorySpec({ subject, file, uses, stage, module, connect, tests }: MemorySpec): string {
  const isConnecting = connect !== undefined;
  const usedImport = uses === undefined ? "" : `import { ${uses} } from "rookery";\n`;
  return `${usedImport}import { Test } from "rookery/testing";
import type { ${isConnecting ? "TestClient, " : ""}TestingApplication } from "rookery/testing";
import { ${subject} } from "./${file}.js";
${stage === undefined ? "" : `\n${stage}\n`}
describe("${subject}", () => {
  let app: TestingApplication;${isConnecting ? "\n  let client: TestClient;" : ""}

  beforeEach(async () => {
    app = await Test.createTestingModule(${module}).compile();${isConnecting ? `\n    client = await app.connect(${connect});` : ""}
  });

  afterEach(async () => {
    await app.close();
  });

${tests}
});
`;
}
