import { useText } from '@/i18n/text';
import { Link } from 'react-router';
import type { Tag, TagValue } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useWords } from '@/i18n/words';
import { sameValue } from '@/rules/condition';
import { useOpenPeople } from '@/ui/PeopleCount/openPeople';
import { When } from '@/ui/Values/Values';

interface Props {
  value: TagValue;
  tag: Tag | undefined;
  onWhy(): void;
}

/** One tag of a person; the value opens everybody who has the same. */
export function TagRow({ value, tag, onWhy }: Props) {
  const { t } = useText('people');
  const { title, tagValue } = useWords();
  const format = useFormats();
  const open = useOpenPeople();
  const shown = tagValue(tag, value.value);
  const same = tag ? sameValue(tag, value.value) : null;
  const { evidence, confidence } = value;
  return (
    <tr className={evidence === null || evidence.rows > 0 ? 'wall-row' : 'wall-row wall-silent'}>
      <th scope="row">
        <Link to={`/profile/tags/${value.name}`}>{title(value)}</Link>
      </th>
      <td className="wall-value">
        {same ? (
          <button type="button" className="plain-button wall-same" title={t('wall.same')} onClick={() => open(same)}>
            {shown}
          </button>
        ) : (
          shown
        )}
        {confidence !== null && (
          <span className="muted wall-sure" title={t('wall.confidence')}>
            {format.percent(confidence)}
          </span>
        )}
      </td>
      <td>
        <button type="button" className="plain-button wall-why" onClick={onWhy} aria-label={t('wall.why', { tag: title(value) })}>
          {evidence === null ? t('wall.stated') : t('wall.rows', { count: evidence.rows, n: format.int(evidence.rows) })}
          {evidence !== null && evidence.window_days !== null && ` · ${t('wall.window', { count: evidence.window_days })}`}
        </button>
      </td>
      <td className="wall-age">
        <When at={evidence?.last?.occurred_at} as="age" />
      </td>
    </tr>
  );
}
