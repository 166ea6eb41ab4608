import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { option, type Figure } from "./lib/chart";

use([BarChart, HeatmapChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]);

function draw(holder: HTMLElement): void {
  if (holder.dataset.ready) return;
  holder.dataset.ready = "1";
  const raw = document.getElementById(holder.dataset.chart ?? "");
  if (!raw) return;
  const figure = JSON.parse(raw.textContent ?? "{}") as Figure;
  const chart = init(holder);
  chart.setOption(option(figure));
  // Every number opens to the rows behind it.
  chart.on("click", ({ seriesIndex, dataIndex }: { seriesIndex?: number; dataIndex?: number }) => {
    const url = figure.series[seriesIndex ?? 0]?.urls?.[dataIndex ?? 0];
    if (url) location.assign(url);
  });
  if (typeof ResizeObserver === "undefined") window.addEventListener("resize", () => chart.resize());
  else new ResizeObserver(() => chart.resize()).observe(holder);
  const table = holder.parentElement?.querySelector<HTMLDetailsElement>("[data-chart-table]");
  if (table) table.open = false;
  window.addEventListener("beforeprint", () => table && (table.open = true));
}

const look = (): void => document.querySelectorAll<HTMLElement>("[data-chart]").forEach(draw);
document.addEventListener("htmx:after:swap", look);
look();
