import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The page's files, beside `src` and `dist`. */
export const publicFolder = pathToFileURL(join(__dirname, "../public/"));
