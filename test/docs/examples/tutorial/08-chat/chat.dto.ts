// chat.dto.ts
import { IsString, Length } from "class-validator";

export class Entrance {
  @IsString() @Length(1, 20) name!: string;
  @IsString() @Length(1, 30) room!: string;
}

export class Line {
  @IsString() @Length(1, 500) text!: string;
}
