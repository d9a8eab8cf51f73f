import { Tooltip } from 'antd';
import { useText } from '@/i18n/text';
import type { Identifier } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useWords } from '@/i18n/words';
import { Copy } from '@/ui/Copy/Copy';
import './idChip.css';

/** One masked name of a person; since when it is theirs on hover. */
export function IdChip({ identifier: { namespace, value, since } }: { identifier: Identifier }) {
  const { t } = useText('people');
  const { word } = useWords();
  const format = useFormats();
  return (
    <Tooltip title={since ? t('id.since', { at: format.stamp(since) }) : t('id.always')}>
      <span className="id-chip">
        <span className="id-chip-kind">{word('namespace', namespace)}</span>
        <span className="code">{value}</span>
      </span>
    </Tooltip>
  );
}

/** The id of a person, which can be copied. */
export function PersonId({ person }: { person: string }) {
  return (
    <span className="id-chip">
      <span className="code">{person}</span>
      <Copy text={`person:${person}`} />
    </span>
  );
}
