import { join } from "node:path";
import ts from "typescript";

const repository = join(__dirname, "../..");
const entries = ["src/index.ts", "src/core.ts", "src/testing/index.ts"];

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(repository, "tsconfig.json"), (path) => ts.sys.readFile(path)).config,
  ts.sys,
  repository,
);
const program = ts.createProgram(
  entries.map((entry) => join(repository, entry)),
  options,
);
const checker = program.getTypeChecker();

describe("what an entry exports", () => {
  it.each(entries)("has a docstring each: %s", (entry) => {
    const exported = exportsOf(entry);

    expect(exported.length).toBeGreaterThan(0);
    expect(exported.filter((symbol) => isOurs(symbol) && !isDocumented(symbol)).map(describeSymbol)).toEqual([]);
  });
});

/** The declarations behind the names of an entry file. */
function exportsOf(entry: string): ts.Symbol[] {
  const file = program.getSourceFile(join(repository, entry));
  const module = file && checker.getSymbolAtLocation(file);
  const names = module === undefined ? [] : checker.getExportsOfModule(module);
  return names.map((name) => (name.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name));
}

function isOurs(symbol: ts.Symbol): boolean {
  return symbol.declarations?.every((node) => !node.getSourceFile().fileName.includes("/node_modules/")) ?? false;
}

function isDocumented(symbol: ts.Symbol): boolean {
  return symbol.getDocumentationComment(checker).length > 0;
}

function describeSymbol(symbol: ts.Symbol): string {
  return `${symbol.name} of ${symbol.declarations?.[0]?.getSourceFile().fileName.slice(repository.length + 1) ?? "?"}`;
}
