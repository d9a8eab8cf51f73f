import { Select } from 'antd';
import type { Version } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useVersionName } from './versionName';

interface Props {
  own: Version | null;
  earlier: readonly Version[];
  built_in: string;
  onText(text: string): void;
}

/** Begins with a version of before, or with what the product brings. */
export function DeclarationStart({ own, earlier, built_in, onText }: Props) {
  const { t } = useText('declaration');
  const name = useVersionName();
  const versions = [...(own ? [own] : []), ...earlier].filter((one) => one.text !== '');
  const starts = [
    ...versions.map((one) => ({ value: String(one.version), label: name(one), text: one.text })),
    { value: 'built-in', label: t('builtIn'), text: built_in },
  ];
  return (
    <Select
      size="small"
      className="declaration-start"
      aria-label={t('start')}
      placeholder={t('start')}
      value={null}
      options={starts.map(({ value, label }) => ({ value, label }))}
      onChange={(chosen: string | null) => onText(starts.find(({ value }) => value === chosen)?.text ?? '')}
    />
  );
}
