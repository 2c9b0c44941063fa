// overrides.spec.ts
import {
  CurrentUser,
  type CanActivate,
  type ExecutionContext,
  Module,
  Namespace,
  OnEvent,
  UseGuards,
  Ack,
} from "rookery";
import { autoMock, Test } from "rookery/testing";

abstract class Prices {
  abstract of(item: string): Promise<number>;
}

class Member implements CanActivate {
  canActivate({ socket }: ExecutionContext): boolean {
    return (socket.data as { member?: boolean }).member === true;
  }
}

@Namespace("/shop")
@UseGuards(Member)
class ShopGateway {
  constructor(private readonly prices: Prices) {}

  @OnEvent("price")
  @Ack()
  async price(item: string, @CurrentUser() user: string | undefined): Promise<string> {
    return `${user ?? "somebody"} pays ${await this.prices.of(item)}`;
  }
}

@Module({ providers: [ShopGateway] })
class ShopModule {}

it("runs the shop without a shop", async () => {
  await using app = await Test.createTestingModule({ imports: [ShopModule] })
    .overrideGuard(Member)
    .useValue({ canActivate: () => true })
    .useMocker(autoMock)
    .compile();
  const prices = jest.mocked(app.get(Prices));
  prices.of.mockResolvedValue(3);

  const ann = await app.connect("/shop");

  await expect(ann.emitWithAck("price", "pear")).toAckWith("somebody pays 3");
  expect(prices.of).toHaveBeenCalledWith("pear");
});
