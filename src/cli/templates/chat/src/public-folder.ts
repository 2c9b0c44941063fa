/** The page's files, beside `src` and `dist`. */
export const publicFolder = new URL("../public/", import.meta.url);
