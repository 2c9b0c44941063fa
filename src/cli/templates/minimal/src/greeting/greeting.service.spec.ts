import { GreetingService } from "./greeting.service.js";

describe("GreetingService", () => {
  it("greets by name", () => {
    expect(new GreetingService().greet("Ann")).toEqual({ text: "Hello, Ann!" });
  });
});
