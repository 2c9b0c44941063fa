import { Application, type ModuleImport } from "rookery";
import { MemberGuard } from "../examples/pipeline/member.guard.js";
import { SoldOutFilter } from "../examples/pipeline/sold-out.filter.js";
import { TimingInterceptor } from "../examples/pipeline/timing.interceptor.js";

export async function start(AppModule: ModuleImport): Promise<void> {
  const app = await Application.create(AppModule);
  app.useGlobalGuards(MemberGuard).useGlobalInterceptors(TimingInterceptor).useGlobalFilters(new SoldOutFilter());
  await app.listen(3000);
}
