import { Tooltip } from 'antd';
import { useInsight } from '@/api/queries/audiences';
import { useTags } from '@/api/queries/tags';
import type { Typical } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { FEW, NONE } from '@/lib/format';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Answer } from '@/ui/StateView/Answer';
import './insight.css';

/** The tag values that the people of an audience have more often than everybody; each share opens its people. */
export function Insight({ condition }: { condition: string }) {
  const { t } = useText('people');
  const insight = useInsight(condition);
  const format = useFormats();
  return (
    <Answer of={insight} rows={5}>
      {({ typical, people, of_people, compared }) => (
        <>
          {typical.length > 0 ? (
            <table className="figures insight">
              <thead>
                <tr>
                  <th scope="col">{t('insight.value')}</th>
                  <th scope="col">{t('insight.here')}</th>
                  <th scope="col">{t('insight.everywhere')}</th>
                  <th scope="col">
                    <Tooltip title={t('insight.tgiMeans')}>
                      <span tabIndex={0}>TGI</span>
                    </Tooltip>
                  </th>
                </tr>
              </thead>
              <tbody>
                {typical.map((one) => (
                  <Row key={one.condition} one={one} people={people} everybody={of_people} />
                ))}
              </tbody>
            </table>
          ) : (
            <p className="muted">{people < FEW ? t('insight.few', { n: FEW }) : t('insight.none', { n: format.int(compared) })}</p>
          )}
          {typical.length > 0 && <p className="muted insight-note">{t('insight.note', { n: format.int(compared) })}</p>}
        </>
      )}
    </Answer>
  );
}

function Row({ one, people, everybody }: { one: Typical; people: number; everybody: number }) {
  const { t } = useText('people');
  const { title, tagValue } = useWords();
  const format = useFormats();
  const tags = useTags();
  const named = tags.data?.find((tag) => tag.name === one.tag.name) ?? one.tag;
  const value = tagValue(named, one.value);
  const spoken = `${title(one.tag)} ${value}`;
  return (
    <tr>
      <th scope="row" title={spoken}>
        <span className="muted">{title(one.tag)}</span> <bdi>{value}</bdi>
      </th>
      <td>
        <PeopleCount people={one.here} condition={one.condition_here} label={spoken}>
          {format.share(one.here, people)}
        </PeopleCount>
      </td>
      <td>
        <PeopleCount people={one.everywhere} condition={one.condition} label={spoken}>
          {format.share(one.everywhere, everybody)}
        </PeopleCount>
      </td>
      <td title={one.tgi_low === null ? undefined : t('insight.atLeast', { n: format.int(one.tgi_low) })}>
        {one.tgi === null ? NONE : format.int(one.tgi)}
      </td>
    </tr>
  );
}
