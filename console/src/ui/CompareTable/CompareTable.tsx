import type { ComparedTag } from '@/api/shapes';
import { useTags } from '@/api/queries/tags';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { FEW, NONE } from '@/lib/format';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import './compareTable.css';

type Value = ComparedTag['values'][number];

interface Props {
  tag: ComparedTag;
  /** People of each side. */
  first: number;
  second: number;
}

/** A tag over two sides: a pair of bars and the numbers behind them, each of which opens its people. */
export function CompareTable({ tag: { tag, values }, first, second }: Props) {
  const { t } = useText('audiences');
  const format = useFormats();
  const name = useValueName(tag);
  const shares = values.flatMap((one) => [part(one.first.people, first), part(one.second.people, second)]);
  const longest = Math.max(...shares, Number.MIN_VALUE);
  const comparable = first >= FEW && second >= FEW;
  return (
    <div className="compare-scroll">
      <table className="figures compare">
        <thead>
          <tr>
            <th scope="col">{t('compare.value')}</th>
            <th aria-hidden />
            <th scope="col">{t('compare.first')}</th>
            <th scope="col">{t('compare.second')}</th>
            <th scope="col" title={t('compare.tgiMeans')}>
              TGI
            </th>
          </tr>
        </thead>
        <tbody>
          {values.map((one) => {
            const spoken = name(one);
            const [mine, other] = [part(one.first.people, first), part(one.second.people, second)];
            return (
              <tr key={spoken}>
                <th scope="row" title={spoken}>
                  <bdi>{spoken}</bdi>
                </th>
                <td aria-hidden>
                  <span className="compare-bar" data-side="first" style={{ width: `${(mine / longest) * 100}%` }} />
                  <span className="compare-bar" data-side="second" style={{ width: `${(other / longest) * 100}%` }} />
                </td>
                <td>
                  <PeopleCount {...one.first} label={`${t('compare.first')} ${spoken}`}>
                    {format.share(one.first.people, first)}
                  </PeopleCount>
                </td>
                <td>
                  <PeopleCount {...one.second} label={`${t('compare.second')} ${spoken}`}>
                    {format.share(one.second.people, second)}
                  </PeopleCount>
                </td>
                <td>{comparable && other > 0 ? format.int((mine / other) * 100) : NONE}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function useValueName(tag: ComparedTag['tag']) {
  const { t } = useText('audiences');
  const { tagValue } = useWords();
  const tags = useTags();
  const named = tags.data?.find((one) => one.name === tag.name) ?? tag;
  return ({ label, upto }: Value) => {
    if (label === null || label === undefined) return t('compare.rest');
    const low = tagValue(named, label);
    const high = upto === null || upto === undefined ? low : tagValue(named, upto);
    return low === high ? low : `${low} – ${high}`;
  };
}

function part(people: number, all: number): number {
  return all > 0 ? people / all : 0;
}
