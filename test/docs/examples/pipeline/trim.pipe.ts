// trim.pipe.ts
import type { PipeTransform } from "rookery";

export class TrimPipe implements PipeTransform {
  transform(value: unknown): unknown {
    return typeof value === "string" ? value.trim() : value;
  }
}
