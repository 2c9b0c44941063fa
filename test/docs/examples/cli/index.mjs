// index.mjs
/** `rookery generate report year` */
const report = {
  kind: "report",
  aliases: ["rp"],
  summary: "a class that sums something up",
  files: ({ kebab, pascal }) => [{ path: `${kebab}.report.ts`, content: `export class ${pascal}Report {}\n` }],
  registration: ({ kebab, pascal }) => ({
    list: "providers",
    className: `${pascal}Report`,
    path: `${kebab}.report.ts`,
  }),
};

export const generators = [report];
