import { Button } from 'antd';
import type { WriteKey } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { Copy } from '@/ui/Copy/Copy';
import { Snippets } from './Snippets';
import './sources.css';

interface Props {
  made: WriteKey;
  dialects: readonly string[];
  onKept(): void;
}

/** A write key that was just made: told once, with how to use it. */
export function WriteKeyMade({ made, dialects, onKept }: Props) {
  const { t } = useText('sources');
  return (
    <div className="write-key stack" role="status">
      <div>
        <strong>{t('key.title', { name: made.name })}</strong>
        <p className="muted">{t('key.once')}</p>
      </div>
      <div className="row">
        <code className="write-key-secret">{made.write_key}</code>
        <Copy text={made.write_key} />
        <Button onClick={onKept}>{t('key.done')}</Button>
      </div>
      <Snippets writeKey={made.write_key} dialects={dialects} />
    </div>
  );
}
