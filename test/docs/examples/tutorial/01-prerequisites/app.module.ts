// app.module.ts
import { Module } from "rookery";

@Module({ providers: [] })
export class AppModule {}
