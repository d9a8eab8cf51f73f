import { font, palettes, type Mode } from './tokens';

/** The same palette for charts: thin grid, quiet axes, no animation. */
export function chartTheme(mode: Mode): object {
  const colours = palettes[mode];
  const axis = {
    axisLine: { lineStyle: { color: colours.borderStrong } },
    axisTick: { show: false },
    axisLabel: { color: colours.muted, fontSize: 12, fontFamily: font.text },
    splitLine: { lineStyle: { color: colours.border } },
    nameTextStyle: { color: colours.muted, fontSize: 12, fontFamily: font.text },
  };
  return {
    color: colours.series,
    backgroundColor: 'transparent',
    animation: false,
    textStyle: { fontFamily: font.text, color: colours.text },
    categoryAxis: { ...axis, splitLine: { show: false } },
    timeAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    tooltip: {
      backgroundColor: colours.surface,
      borderColor: colours.border,
      textStyle: { color: colours.text, fontSize: 12, fontFamily: font.text },
    },
    line: { symbolSize: 5, lineStyle: { width: 2 } },
  };
}
