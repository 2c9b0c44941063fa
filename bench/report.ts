import type { Series } from "./rounds.js";
import type { Scenario } from "./scenarios/scenario.js";
import { median, pairedRatio } from "./statistics.js";

const COLUMN_GAP = "   ";

/** The table of one scenario. */
export function renderTable(scenario: Scenario, all: readonly Series[], reference: string): string {
  const { cost, figures } = scenario;
  const header = ["", cost, ...figures.map((figure) => figure.header), `${reference} costs`];
  const base = all.find(({ peer }) => peer === reference);
  const rows = all.map((series) => [
    series.peer,
    median(costs(series)).toFixed(2),
    ...figures.map((figure, column) => figure.format(median(valuesOf(series, column)))),
    base === undefined ? "–" : renderRatio(base, series),
  ]);
  return `${scenario.title}\n${alignColumns([header, ...rows])}\n`;
}

function renderRatio(base: Series, own: Series): string {
  const { median: middle, lowest, highest } = pairedRatio(costs(base), costs(own));
  return base === own ? "1.00x" : `${middle.toFixed(2)}x (${lowest.toFixed(2)}–${highest.toFixed(2)})`;
}

function costs(series: Series): number[] {
  return series.samples.map(({ cost }) => cost);
}

function valuesOf(series: Series, column: number): number[] {
  return series.samples.map(({ figures }) => figures[column] ?? NaN);
}

function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => `  ${row.map(pad).join(COLUMN_GAP)}`).join("\n");
}
