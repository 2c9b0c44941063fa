import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import ts from "typescript";

const repository = join(__dirname, "../..");
const { sideEffects } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { sideEffects: string[] };

describe("sideEffects of package.json", () => {
  // A bundler drops the import of any other module whose exports nobody uses.
  it("names exactly the modules whose import alone changes something", () => {
    const modules = readdirSync(join(repository, "src"), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      // The build leaves them out: they are files of other people's projects.
      .filter((path) => !path.startsWith(join("cli", "templates")))
      .filter((path) => actsOnImport(join(repository, "src", path)));

    // The others are files for test runners, which stand beside the build.
    const built = sideEffects.filter((path) => path.startsWith("./dist/"));
    expect([...new Set(modules.map(builtFile))].sort()).toEqual(built.sort());
  });
});

/** The build joins each layer into its index. */
function builtFile(path: string): string {
  const [layer = ""] = path.split(sep);
  return `./dist/${layer}/index.js`;
}

/** Whether a module changes something that it does not own, or imports a package for nothing else. */
function actsOnImport(path: string): boolean {
  const { statements } = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  const own = statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) => declarationList.declarations);
  const ownNames = own.map(({ name }) => (ts.isIdentifier(name) ? name.text : ""));
  return statements.some((statement) => {
    if (ts.isExpressionStatement(statement)) return !ownNames.includes(receiverOf(statement.expression));
    if (!ts.isImportDeclaration(statement) || statement.importClause !== undefined) return false;
    return ts.isStringLiteral(statement.moduleSpecifier) && !statement.moduleSpecifier.text.startsWith(".");
  });
}

/** `decoder` of `decoder.events.on("data", …)`; empty for what does not start with a name. */
function receiverOf(expression: ts.Expression): string {
  if (ts.isCallExpression(expression) || ts.isPropertyAccessExpression(expression)) {
    return receiverOf(expression.expression);
  }
  return ts.isIdentifier(expression) ? expression.text : "";
}
