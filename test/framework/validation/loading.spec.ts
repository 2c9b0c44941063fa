import { Application, Namespace, OnEvent } from "rookery";
import { moduleOf } from "../support/applications.js";

const loaded = jest.fn();
jest.mock("../../../src/framework/validation/dto-validator.js", () => {
  loaded();
  return jest.requireActual<object>("../../../src/framework/validation/dto-validator.js");
});

@Namespace("/plain")
class PlainGateway {
  @OnEvent("say")
  say(_text: string, _bytes: Buffer, _list: unknown[]): void {}
}

@Namespace("/dto")
class DtoGateway {
  @OnEvent("say")
  say(_error: PlainGateway): void {}
}

describe("class-validator and class-transformer", () => {
  it("are loaded when a DTO class is declared, and not before", async () => {
    await Application.create(moduleOf({ providers: [PlainGateway] }));
    expect(loaded).not.toHaveBeenCalled();
    await expect(Application.create(moduleOf({ providers: [DtoGateway] }))).rejects.toMatchObject({
      code: "GATEWAY_DTO_WITHOUT_RULES",
    });
    expect(loaded).toHaveBeenCalledTimes(1);
  });
});
