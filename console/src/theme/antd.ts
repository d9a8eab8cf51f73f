import { theme, type ThemeConfig } from 'antd';
import { font, palettes, type Mode } from './tokens';

/** Our palette in the words of the component library: dense, flat, quiet. */
export function antdTheme(mode: Mode): ThemeConfig {
  const colours = palettes[mode];
  return {
    algorithm: mode === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: colours.primary,
      colorInfo: colours.primary,
      colorLink: colours.primary,
      colorSuccess: colours.success,
      colorWarning: colours.warning,
      colorError: colours.danger,
      colorText: colours.text,
      colorTextSecondary: colours.muted,
      colorTextTertiary: colours.muted,
      colorTextPlaceholder: colours.muted,
      colorTextDescription: colours.muted,
      colorBgLayout: colours.page,
      colorBgContainer: colours.surface,
      colorBgElevated: colours.surface,
      colorBorder: colours.border,
      colorBorderSecondary: colours.border,
      colorTextLightSolid: colours.onPrimary,
      fontFamily: font.text,
      fontFamilyCode: font.code,
      fontSize: 13,
      fontSizeLG: 14,
      borderRadius: 4,
      controlHeight: 28,
      controlHeightSM: 24,
      controlHeightLG: 36,
      lineHeight: 1.54,
      motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      wireframe: false,
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 400 },
      Tooltip: { colorBgSpotlight: mode === 'dark' ? colours.raised : '#24292F', colorTextLightSolid: '#FFFFFF' },
      Segmented: { trackBg: colours.raised, itemSelectedBg: colours.surface },
      Tabs: { horizontalMargin: '0 0 12px 0' },
    },
  };
}
