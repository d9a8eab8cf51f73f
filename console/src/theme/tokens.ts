/** Every colour of the console, once for each mode; the contrast of all text pairs is at least 4.5. */
export interface Palette {
  primary: string;
  primarySoft: string;
  text: string;
  muted: string;
  page: string;
  surface: string;
  raised: string;
  border: string;
  borderStrong: string;
  success: string;
  warning: string;
  warningSoft: string;
  danger: string;
  dangerSoft: string;
  onPrimary: string;
  /** Six series, told apart under every colour vision. */
  series: readonly [string, string, string, string, string, string];
}

export type Mode = 'light' | 'dark';

export const palettes: Record<Mode, Palette> = {
  light: {
    primary: '#0B6BCB',
    primarySoft: '#E8F1FB',
    text: '#1F2328',
    muted: '#57606A',
    page: '#F5F6F8',
    surface: '#FFFFFF',
    raised: '#F0F2F5',
    border: '#E1E4E8',
    borderStrong: '#8C959F',
    success: '#1A7F37',
    warning: '#8A5C00',
    warningSoft: '#FFF6DB',
    danger: '#B42318',
    dangerSoft: '#FDECEA',
    onPrimary: '#FFFFFF',
    series: ['#0B6BCB', '#D05011', '#562460', '#C15C7E', '#3B4A1C', '#2A0FB3'],
  },
  dark: {
    primary: '#5AA9F7',
    primarySoft: '#16283B',
    text: '#E6EAF0',
    muted: '#A6AFBC',
    page: '#0E1013',
    surface: '#15181D',
    raised: '#1E232A',
    border: '#2A3039',
    borderStrong: '#6B7684',
    success: '#57C77C',
    warning: '#F5C451',
    warningSoft: '#2C2615',
    danger: '#F97066',
    dangerSoft: '#331B19',
    onPrimary: '#0E1013',
    series: ['#5AA9F7', '#EDCB21', '#D43211', '#C4DFAA', '#BD5187', '#7F47F0'],
  },
};

export const font = {
  text: '-apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  code: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
};

/** Hand the palette to the style sheets, as `--q-…` properties of the page. */
export function paint(mode: Mode): void {
  const root = document.documentElement;
  root.dataset.theme = mode;
  root.style.colorScheme = mode;
  for (const [name, colour] of Object.entries(palettes[mode])) {
    if (typeof colour === 'string') root.style.setProperty(`--q-${kebab(name)}`, colour);
  }
  palettes[mode].series.forEach((colour, at) => root.style.setProperty(`--q-series-${at + 1}`, colour));
  root.style.setProperty('--q-font', font.text);
  root.style.setProperty('--q-code', font.code);
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
