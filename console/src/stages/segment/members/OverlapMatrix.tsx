import type { AudienceOverlap } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';

type Side = AudienceOverlap['audiences'][number];

/** What each two audiences share, with its share in the audience of the row: the more, the darker. */
export function OverlapMatrix({ told }: { told: AudienceOverlap }) {
  const { t } = useText('members');
  return (
    <table className="table overlap-matrix">
      <caption className="visually-hidden">{t('overlap.pairs')}</caption>
      <thead>
        <tr>
          <td />
          {told.audiences.map((one) => (
            <th key={one.audience} scope="col">
              <bdi className="overlap-name" title={one.name}>{one.name}</bdi>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {told.audiences.map((row) => (
          <tr key={row.audience}>
            <th scope="row">
              <bdi className="overlap-name" title={row.name}>{row.name}</bdi>
            </th>
            {told.audiences.map((column) => (
              <Cell key={column.audience} told={told} row={row} column={column} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ told, row, column }: { told: AudienceOverlap; row: Side; column: Side }) {
  const format = useFormats();
  if (row.audience === column.audience) {
    return (
      <td className="overlap-cell">
        <PeopleCount people={row.people} condition={row.condition} label={row.name} />
      </td>
    );
  }
  const pair = told.pairs.find((one) => [one.first, one.second].includes(row.audience) && [one.first, one.second].includes(column.audience));
  if (!pair) return <td />;
  const share = row.people ? pair.people / row.people : 0;
  return (
    <td className="overlap-cell" data-step={Math.ceil(share * 4)}>
      <PeopleCount people={pair.people} condition={pair.condition} label={`${row.name} + ${column.name}`} />{' '}
      <span className="muted number">{format.share(pair.people, row.people)}</span>
    </td>
  );
}
