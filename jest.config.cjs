const preset = require("./jest-preset.cjs");

module.exports = {
  ...preset,
  roots: ["<rootDir>/test", "<rootDir>/sample-app"],
  testMatch: ["**/*.spec.ts"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/sample-app/dist/"],
  // Every test is shown by its name, also when many files run.
  verbose: true,
  moduleNameMapper: {
    "^rookery$": "<rootDir>/src/index.ts",
    "^rookery/core$": "<rootDir>/src/core.ts",
    "^rookery/testing$": "<rootDir>/src/testing/index.ts",
    ...preset.moduleNameMapper,
  },
};
