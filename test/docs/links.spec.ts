import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { allPages, repository, textOf } from "./support/pages.js";

interface Link {
  /** As it is written. */
  readonly target: string;
  /** From the top of the repository. */
  readonly path: string;
  readonly anchor: string | undefined;
}

const pages = allPages();

/** The links of a page within the repository. */
function linksOf(page: string): Link[] {
  const text = textOf(page).replaceAll(/^```[^]*?^```$/gm, "");
  return Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = "", anchor] = target.split("#");
      return { target, path: path === "" ? page : join(dirname(page), path), anchor };
    });
}

/** What GitHub makes of the headings of a page. */
function anchorsOf(page: string): string[] {
  return Array.from(textOf(page).matchAll(/^#+ (.+)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

it.each(pages)("%s links to what is there", (page) => {
  const broken = linksOf(page).filter(({ path, anchor }) => {
    if (!existsSync(join(repository, path))) return true;
    return anchor !== undefined && !anchorsOf(path).includes(anchor);
  });

  expect(broken.map(({ target }) => target)).toEqual([]);
});

it("docs/README.md links to every page of docs/", () => {
  const linked = new Set(linksOf("docs/README.md").map(({ path }) => path));
  const others = pages.filter((page) => page.startsWith("docs/") && page !== "docs/README.md");

  expect(others.filter((page) => !linked.has(page))).toEqual([]);
});

it("README.md links to the index of docs/", () => {
  expect(linksOf("README.md").map(({ path }) => path)).toContain("docs/README.md");
});

it("each chapter of the tutorial leads to the next", () => {
  const chapters = pages.filter((page) => page.startsWith("docs/tutorial/"));
  const leading = chapters.slice(0, -1).filter((page, place) => {
    return linksOf(page).some(({ path }) => path === chapters[place + 1]);
  });

  expect(chapters).toHaveLength(8);
  expect(leading).toEqual(chapters.slice(0, -1));
});
