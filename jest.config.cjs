const preset = require("./jest-preset.cjs");

module.exports = {
  ...preset,
  roots: ["<rootDir>/test", "<rootDir>/sample-app", "<rootDir>/src/cli/templates"],
  testMatch: ["**/*.spec.ts"],
  setupFilesAfterEnv: ["<rootDir>/test/testing/support/no-port.ts"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/sample-app/dist/"],
  // Every test is shown by its name, also when many files run.
  verbose: true,
  // One of the schema libraries that are tried out is ESM-only too.
  transformIgnorePatterns: preset.transformIgnorePatterns.map((pattern) =>
    pattern.replace("rookery", "rookery|arktype|arkregex|@ark"),
  ),
  moduleNameMapper: {
    // What is imported by URL, as ES modules do; here it is required.
    "^file://(/.*)$": "$1",
    "^rookery$": "<rootDir>/src/index.ts",
    "^rookery/core$": "<rootDir>/src/core.ts",
    "^rookery/testing$": "<rootDir>/src/testing/index.ts",
    ...preset.moduleNameMapper,
  },
};
