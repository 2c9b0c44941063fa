/**
 * Jest preset of Rookery: `"jest": { "preset": "rookery" }` in package.json, and `npx jest` runs TypeScript gateways.
 *
 * swc compiles decorators with their type metadata. jest loads CommonJS, so packages that are ES modules, as rookery is, are
 * compiled too: jest-transform.cjs tells which.
 */
module.exports = {
  testEnvironment: "node",
  // DTOs may be loaded before anything of Rookery, and class-transformer's decorators read metadata.
  setupFiles: [require.resolve("reflect-metadata")],
  // Instrumented code would count what the compiler adds for decorators.
  coverageProvider: "v8",
  // The matchers of rookery/testing.
  setupFilesAfterEnv: [require.resolve("./jest-setup.cjs")],
  // Specs that the build compiled along with the app are the same tests again.
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/dist/"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": ["$1", "$1.js"] },
  transform: {
    "^.+\\.[cm]?[jt]sx?$": [
      require.resolve("./jest-transform.cjs"),
      {
        // The project's own .swcrc is for its build; what decorators need here is not up to it.
        swcrc: false,
        jsc: {
          target: "es2022",
          parser: { syntax: "typescript", decorators: true, dynamicImport: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  transformIgnorePatterns: ["\\.pnp\\.[^/]+$"],
};
