import type { AudienceOverlap } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';

/** Who is in just which audiences: a column of dots an audience, a bar a combination, the largest first. */
export function Intersections({ told }: { told: AudienceOverlap }) {
  const { t } = useText('members');
  const format = useFormats();
  const most = Math.max(1, ...told.intersections.map((one) => one.people));
  return (
    <table className="table overlap-upset">
      <caption className="visually-hidden">{t('overlap.just')}</caption>
      <thead>
        <tr>
          {told.audiences.map((one) => (
            <th key={one.audience} scope="col">
              <bdi className="overlap-name" title={one.name}>
                {one.name}
              </bdi>
            </th>
          ))}
          <th scope="col">{t('people')}</th>
        </tr>
      </thead>
      <tbody>
        {told.intersections.map((one) => {
          const names = told.audiences.filter(({ audience }) => one.audiences.includes(audience)).map(({ name }) => name);
          return (
            <tr key={one.condition}>
              {told.audiences.map(({ audience }) => (
                <td key={audience} className="overlap-dot" data-in={one.audiences.includes(audience) || undefined}>
                  <span aria-hidden>{one.audiences.includes(audience) ? '●' : '○'}</span>
                </td>
              ))}
              <td className="overlap-bar">
                <div className="row">
                  <svg width="240" height="14" aria-hidden>
                    <rect className="overlap-fill" width={Math.max(2, (one.people / most) * 240)} height="14" rx="2" />
                  </svg>
                  <PeopleCount people={one.people} condition={one.condition} label={`${t('overlap.only')} ${names.join(' + ')}`} />
                  {one.share !== null && <span className="muted number">{format.share(one.people, told.people)}</span>}
                </div>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
