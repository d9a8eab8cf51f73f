import { Select } from 'antd';
import { useState } from 'react';
import { useText } from '@/i18n/text';
import { Copy } from '@/ui/Copy/Copy';
import { dialectOf, sdks, snippet, type Sdk } from './snippets';
import './sources.css';

interface Props {
  /** The write key; a gap where nobody knows it any more. */
  writeKey?: string;
  dialects: readonly string[];
}

/** How each SDK sends its first event to this server. */
export function Snippets({ writeKey = 'KEY', dialects }: Props) {
  const { t } = useText('sources');
  const spoken = sdks.filter((sdk) => dialects.includes(dialectOf(sdk)));
  const [chosen, choose] = useState<Sdk>();
  const sdk = chosen ?? spoken[0] ?? 'curl';
  const text = snippet(sdk, location.origin, writeKey);
  return (
    <div>
      <div className="row spread">
        <Select<Sdk>
          aria-label={t('sdk.label')}
          value={sdk}
          onChange={choose}
          options={spoken.map((value) => ({ value, label: t(`sdk.${value}`) }))}
          className="snippet-sdks"
        />
        <Copy text={text} />
      </div>
      <pre className="snippet-code">{text}</pre>
    </div>
  );
}
