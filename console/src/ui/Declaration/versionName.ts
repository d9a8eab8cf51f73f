import type { Version } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';

/** A version in words: its number, when it was applied, and by whom. */
export function useVersionName() {
  const { t } = useText('declaration');
  const format = useFormats();
  return ({ version, applied_at, applied_by }: Version) =>
    t('version', { version, at: format.minute(applied_at), by: applied_by || t('noAccount') });
}
