// sold-out.filter.ts
import { Catch, type ExceptionFilter, type ExecutionContext, GatewayException } from "rookery";

export class SoldOut extends Error {
  constructor(readonly item: string) {
    super(`no ${item} left in row 7 of table stock`);
  }
}

@Catch(SoldOut)
export class SoldOutFilter implements ExceptionFilter<SoldOut> {
  catch({ item }: SoldOut, { event }: ExecutionContext): never {
    throw new GatewayException("SOLD_OUT", `There is no ${item} left.`, { event });
  }
}
