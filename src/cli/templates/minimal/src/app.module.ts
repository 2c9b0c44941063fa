import { Module } from "rookery";
import { GreetingModule } from "./greeting/greeting.module.js";

@Module({ imports: [GreetingModule] })
export class AppModule {}
