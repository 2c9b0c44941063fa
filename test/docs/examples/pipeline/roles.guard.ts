// roles.guard.ts
import { type CanActivate, type ExecutionContext, Injectable, Reflector } from "rookery";

export const Roles = Reflector.createDecorator<readonly string[]>();

@Injectable()
export class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const roles = this.reflector.getAllAndOverride(Roles, [context.getHandler(), context.getClass()]);
    return roles?.includes(String(context.auth.role)) ?? true;
  }
}
