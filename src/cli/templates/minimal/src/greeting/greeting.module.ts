import { Module } from "rookery";
import { GreetingGateway } from "./greeting.gateway.js";
import { GreetingService } from "./greeting.service.js";

@Module({ providers: [GreetingGateway, GreetingService] })
export class GreetingModule {}
