/**
 * Registers the matchers of `rookery/testing`; the kit itself, and Rookery with it, is loaded by the first test that uses
 * one. jest runs this before each file of tests, whether `expect` is a global or imported.
 */
const { expect } = require("@jest/globals");

const names = ["toReceive", "toHaveReceived", "toBeInRoom", "toRejectConnect", "toAckWith", "toFailWith"];

const matcher = (name) =>
  function (...args) {
    return require("rookery/testing").clientMatchers[name].apply(this, args);
  };

expect.extend(Object.fromEntries(names.map((name) => [name, matcher(name)])));
