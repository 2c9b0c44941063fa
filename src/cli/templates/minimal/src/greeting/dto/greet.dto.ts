import { IsString, Length } from "class-validator";

/** What a client sends with the event `greet`. */
export class Greet {
  @IsString()
  @Length(1, 40)
  name!: string;
}
