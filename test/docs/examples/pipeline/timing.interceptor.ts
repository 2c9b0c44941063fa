// timing.interceptor.ts
import { type ExecutionContext, Injectable, type Interceptor } from "rookery";

@Injectable()
export class TimingInterceptor implements Interceptor {
  readonly slowest = new Map<string, number>();

  async intercept(context: ExecutionContext, next: () => Promise<unknown>): Promise<unknown> {
    const startedAt = performance.now();
    try {
      return await next();
    } finally {
      const name = context.event ?? context.kind;
      const took = performance.now() - startedAt;
      this.slowest.set(name, Math.max(took, this.slowest.get(name) ?? 0));
    }
  }
}
