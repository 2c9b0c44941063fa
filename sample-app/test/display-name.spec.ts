import { nameKey, tidyName } from "../src/display-name.js";

describe("tidyName", () => {
  it.each([
    ["trims and joins spaces", "  Ann \t  Lee ", "Ann Lee"],
    ["takes invisible characters off the ends", "\u200bAnn\u200d", "Ann"],
    ["writes letters that look the same in the same way", "Zoe\u0308", "Zo\u00eb"],
    ["leaves nothing of a name that cannot be seen", " \u200d\u200b ", ""],
  ])("%s", (_title, typed, tidy) => {
    expect(tidyName(typed)).toBe(tidy);
  });
});

describe("nameKey", () => {
  it("is the same for names that differ only in case or in invisible joiners", () => {
    expect(nameKey("An\u200dN")).toBe(nameKey("ann"));
  });
});
