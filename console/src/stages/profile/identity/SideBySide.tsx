import { useProfile } from '@/api/queries/people';
import { useTags } from '@/api/queries/tags';
import type { Identifier, Pair, Profile } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { strongestFirst } from '@/lib/identifiers';
import { IdChip } from '@/ui/IdChip/IdChip';
import { PersonLink } from '@/ui/PersonLink/PersonLink';

const compared = [
  'lifecycle', 'orders_total', 'net_revenue', 'first_seen_at', 'last_seen_at', 'preferred_category', 'preferred_brand', 'region', 'channel',
  'device_type', 'active_hour',
];

/** Both people of a pair: their names, and what is said of them. */
export function SideBySide({ pair: { a, b } }: { pair: Pair }) {
  const { t } = useText('identity');
  const { title, tagValue } = useWords();
  const tags = useTags();
  const sides = [useSide(a), useSide(b)] as const;
  const valueOf = (side: Profile | undefined, name: string) => {
    const told = side?.tags.find((tag) => tag.name === name);
    return told ? tagValue(tags.data?.find((tag) => tag.name === name), told.value) : NONE;
  };
  const rows = compared.flatMap((name) => {
    const told = sides[0]?.tags.find((tag) => tag.name === name) ?? sides[1]?.tags.find((tag) => tag.name === name);
    const values = [valueOf(sides[0], name), valueOf(sides[1], name)] as const;
    return told && values.some((value) => value !== NONE) ? [{ name, label: title(told), values }] : [];
  });
  return (
    <table className="figures side-by-side">
      <thead>
        <tr>
          <th aria-hidden />
          {[a, b].map((side, at) => (
            <th key={side.id} scope="col">
              {t(at === 0 ? 'review.first' : 'review.second')} {side.person ? <PersonLink person={side.person} /> : t('review.gone')}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{t('decide.names')}</th>
          {sides.map((side, at) => (
            <td key={at}>
              <ul className="row wrap">
                {strongestFirst(side?.identifiers ?? [{ ...[a, b][at], since: null } as Identifier]).map((one) => (
                  <li key={`${one.namespace}:${one.value}`}>
                    <IdChip identifier={one} />
                  </li>
                ))}
              </ul>
            </td>
          ))}
        </tr>
        {rows.map(({ name, label, values }) => (
          <tr key={name} data-same={values[0] === values[1]}>
            <th scope="row">{label}</th>
            <td>{values[0]}</td>
            <td>{values[1]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function useSide({ person, has_profile }: Pair['a']): Profile | undefined {
  return useProfile(`person:${person}`, { enabled: has_profile }).data;
}
