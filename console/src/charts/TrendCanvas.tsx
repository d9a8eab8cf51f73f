import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, use as register, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { chartTheme } from '@/theme/echarts';
import { useAppearance } from '@/theme/appearance';
import type { Trend } from './Chart';
import { trendOption } from './trendOption';

register([BarChart, LineChart, GridComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

/** Draws a trend; a click on a date opens it. */
export default function TrendCanvas({ label, ...trend }: Trend & { label: string }) {
  const { mode } = useAppearance();
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const latest = useRef(trend);
  latest.current = trend;

  useEffect(() => {
    if (!frame.current) return;
    const made = init(frame.current, chartTheme(mode), { renderer: 'canvas' });
    chart.current = made;
    made.setOption(trendOption(latest.current, label));
    made.getZr().on('click', ({ offsetX, offsetY }) => {
      if (!made.containPixel('grid', [offsetX, offsetY])) return;
      const [at] = made.convertFromPixel({ gridIndex: 0 }, [offsetX, offsetY]) as [number, number];
      latest.current.onOpen?.(Math.round(at));
    });
    const sizes = new ResizeObserver(() => made.resize());
    sizes.observe(frame.current);
    return () => {
      sizes.disconnect();
      made.dispose();
    };
  }, [mode, label]);

  useEffect(() => chart.current?.setOption(trendOption(trend, label), { notMerge: true }));

  return <div ref={frame} className="chart-canvas" role="img" aria-label={label} />;
}
