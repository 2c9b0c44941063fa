import eslint from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import prettier from "eslint-config-prettier";
import { jsdoc } from "eslint-plugin-jsdoc";
import globals from "globals";
import tseslint from "typescript-eslint";

const typescriptFiles = ["**/*.ts"];
const sourceFiles = ["src/**/*.ts"];
const looseFiles = ["test/**/*.ts", "sample-app/**/*.ts", "bench/**/*.ts"];

const namedExportsOnly = [
  { selector: "ExportAllDeclaration", message: "List the names: an entry shows what it exports." },
  { selector: "ExportDefaultDeclaration", message: "Named exports only." },
];

const codedErrorsOnly = {
  selector: "NewExpression[callee.name=/^(Error|TypeError|RangeError)$/]",
  message: "Every error has a code and a mend: add a row to the layer's errors.ts.",
};

/** `protocol === 3` and its like, either way round, as a comparison or a switch. */
const revisionName = "/^(EIO|eio|protocol|protocolVersion|revision)$/";
const revisionTests = [
  ["left", "right"],
  ["right", "left"],
].flatMap(([subject, value]) =>
  ["name", "property.name"].map(
    (name) =>
      `BinaryExpression[operator=/^([!=]==?|[<>]=?)$/][${subject}.${name}=${revisionName}]:matches([${value}.value=3], [${value}.value=4])`,
  ),
);
const noRevisionTests = [
  ...revisionTests,
  `SwitchStatement[discriminant.name=${revisionName}]`,
  `SwitchStatement[discriminant.property.name=${revisionName}]`,
].map((selector) => ({
  selector,
  message: "What differs by revision is a strategy object (EngineRevision, SocketRevision); revision 3 lives in eio3/.",
}));

export default defineConfig(
  globalIgnores(["**/dist/", "coverage/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  eslint.configs.recommended,

  {
    files: typescriptFiles,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      // The root project maps `rookery` to src, so linting needs no build.
      parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: "error",
      // Knows emitDecoratorMetadata: an import that constructor injection needs at run time stays a value import.
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/consistent-type-exports": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/max-params": ["error", { max: 4 }],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      "@typescript-eslint/prefer-readonly": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // A module is an empty class that carries its decorator.
      "@typescript-eslint/no-extraneous-class": ["error", { allowWithDecorator: true }],
      // DTO classes are shapes: the pipeline makes instances of plain objects, and handlers return plain objects as them.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },

  {
    files: sourceFiles,
    extends: [jsdoc({ config: "flat/recommended-typescript-error" })],
    rules: {
      "no-console": "error",
      complexity: ["error", { max: 12 }],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, IIFEs: true }],
      "no-restricted-syntax": ["error", ...namedExportsOnly, codedErrorsOnly, ...noRevisionTests],

      // A docstring says what the signature cannot. Which exports need one, test/house/public-docs.spec.ts checks.
      "jsdoc/require-jsdoc": "off",
      "jsdoc/require-param": "off",
      "jsdoc/require-returns": "off",
      "jsdoc/require-yields": "off",
      "jsdoc/require-throws-type": "off",
      "jsdoc/tag-lines": "off",
      "jsdoc/check-param-names": ["error", { disableMissingParamChecks: true }],
      // `/** @default 5_000 ms */` on one line is a block tag, whatever stands before it.
      "jsdoc/escape-inline-tags": "off",
      "jsdoc/informative-docs": "error",
      "jsdoc/require-param-description": "error",
      "jsdoc/require-returns-description": "error",
    },
  },
  {
    // Files of other people's projects, to be: there the console is the right place.
    files: ["src/cli/templates/**/*.ts"],
    rules: { "no-console": "off" },
  },
  {
    files: ["src/eio3/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...namedExportsOnly, codedErrorsOnly] },
  },

  {
    files: looseFiles,
    rules: {
      // Frames and payloads from the wire are untyped by nature; the assertions are what types them.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      // Gateways and doubles of async contracts often have nothing to await, and `expect(double.method)` is not a call.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/unbound-method": "off",
      // Providers under test inject as much, and hold as little, as the case needs.
      "@typescript-eslint/max-params": "off",
      "@typescript-eslint/no-extraneous-class": "off",
    },
  },

  {
    files: ["**/*.{js,mjs,cjs}"],
    languageOptions: { globals: globals.node },
  },
  { files: ["**/*.cjs"], languageOptions: { sourceType: "commonjs" } },
  {
    files: ["sample-app/public/**/*.js", "src/cli/templates/*/public/**/*.js"],
    languageOptions: { globals: { ...globals.browser, io: "readonly" } },
  },

  prettier,
);
