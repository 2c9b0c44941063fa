// mail.module.ts
import { Inject, Injectable, Module, type DynamicModule, type FactoryProvider } from "rookery";

export interface MailOptions {
  readonly from: string;
}

const MAIL_OPTIONS = Symbol("mail options");

@Injectable()
export class MailService {
  readonly sent: string[] = [];

  constructor(@Inject(MAIL_OPTIONS) private readonly options: MailOptions) {}

  send(to: string, text: string): void {
    this.sent.push(`${this.options.from} to ${to}: ${text}`);
  }
}

@Module({ providers: [MailService], exports: [MailService] })
export class MailModule {
  static forRoot(options: MailOptions): DynamicModule {
    return { module: MailModule, providers: [{ provide: MAIL_OPTIONS, useValue: options }] };
  }

  static forRootAsync({
    useFactory,
    inject = [],
  }: Pick<FactoryProvider<MailOptions>, "useFactory" | "inject">): DynamicModule {
    return { module: MailModule, providers: [{ provide: MAIL_OPTIONS, useFactory, inject }] };
  }
}
