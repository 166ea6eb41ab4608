// Figures → an echarts option. Pure, so that it is tested without a canvas.
import tokens from "../../tokens.json";

export type Series = { name: string; values: (number | null)[]; urls?: string[]; tone?: string };
export type Figure = { kind: "line" | "bar" | "stacked" | "ranking" | "heat"; labels: string[]; series: Series[]; unit?: string };

const color = tokens.color as Record<string, string>;
const ink = color["grey-700"];
const axis = { axisLine: { lineStyle: { color: color["grey-300"] } }, axisTick: { show: false }, axisLabel: { color: ink, fontSize: 12 } };
const values = { splitLine: { lineStyle: { color: color["grey-200"] } }, axisLabel: { color: ink, fontSize: 12 } };

// A series may wear a risk colour only by saying so; "late" is plum, as everywhere.
export function seriesColor(one: Series, at: number): string {
  if (one.tone === "late") return color["plum-700"] ?? "";
  if (one.tone && one.tone in color) return color[one.tone] ?? "";
  return tokens.chart[at % tokens.chart.length] ?? "";
}

// The tooltip is drawn on the canvas: the page's content policy allows no inline styles in markup.
const tooltip = {
  renderMode: "richText",
  backgroundColor: color["white"],
  borderColor: color["grey-300"],
  borderWidth: 1,
  textStyle: { color: color["grey-900"], fontSize: 13 },
};

export function option(figure: Figure): Record<string, unknown> {
  const { kind, labels, series } = figure;
  const colors = series.map(seriesColor);
  const base = {
    animation: false,
    color: colors,
    textStyle: { fontFamily: tokens.font.sans },
    aria: { enabled: true, decal: { show: series.length > 2 && kind !== "heat" } },
    legend: series.length > 1 ? { top: 0, left: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: ink, fontSize: 12 } } : undefined,
    grid: { left: 4, right: 16, top: series.length > 1 ? 34 : 12, bottom: 4, containLabel: true },
  };
  if (kind === "heat") {
    const data = series.flatMap((one, y) => one.values.map((value, x) => [x, y, value ?? 0]));
    return {
      ...base,
      legend: undefined,
      tooltip: { ...tooltip },
      grid: { ...base.grid, top: 8, bottom: 44 },
      xAxis: { type: "category", data: labels, ...axis },
      yAxis: { type: "category", data: series.map((one) => one.name), ...axis },
      visualMap: { min: 0, max: Math.max(1, ...data.map((cell) => cell[2] ?? 0)), orient: "horizontal", left: "center", bottom: 0, itemHeight: 90, itemWidth: 10, textStyle: { color: ink, fontSize: 12 }, inRange: { color: [color["teal-50"], color["teal-300"], color["teal-800"]] } },
      series: [{ type: "heatmap", data, label: { show: labels.length <= 16, fontSize: 11 } }],
    };
  }
  const across = kind === "ranking";
  const category = { type: "category", data: labels, inverse: across, ...axis };
  const amount = { type: "value", minInterval: 1, ...values };
  return {
    ...base,
    tooltip: { ...tooltip, trigger: "axis", axisPointer: { type: kind === "line" ? "line" : "shadow" } },
    xAxis: across ? amount : { ...category, boundaryGap: kind !== "line" },
    yAxis: across ? category : amount,
    series: series.map((one) => ({
      name: one.name,
      data: one.values,
      ...(kind === "line"
        ? { type: "line", smooth: false, symbolSize: 5, lineStyle: { width: 2 } }
        : { type: "bar", barMaxWidth: 22, stack: kind === "stacked" ? "all" : undefined, label: { show: across, position: "right", color: ink } }),
    })),
  };
}
