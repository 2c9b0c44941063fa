import { Injectable } from "rookery";

export interface Greeting {
  readonly text: string;
}

@Injectable()
export class GreetingService {
  greet(name: string): Greeting {
    return { text: `Hello, ${name}!` };
  }
}
