import type { DecisionPreview as Told } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import './decide.css';

/** What a decision would change with the next build. */
export function DecisionPreview({ told }: { told: Told }) {
  const { t } = useText('identity');
  const { word } = useWords();
  const format = useFormats();
  if (told.people.length === 0) return <p role="status">{t('decide.nothing')}</p>;
  const n = format.int;
  return (
    <div className="stack" role="status">
      <ul className="decide-counts">
        <li>{t('decide.people', { count: told.people_before, before: n(told.people_before), after: n(told.people_after) })}</li>
        <li>{t('decide.events', { count: told.events, n: n(told.events) })}</li>
        <li>{t('decide.orders', { count: told.orders, n: n(told.orders), net: format.money(told.net) })}</li>
        {told.audiences.map(({ audience, name, changed, people }) => (
          <li key={audience}>{t('decide.audience', { name, n: n(changed), of: n(people) })}</li>
        ))}
      </ul>
      <table className="figures decide-people">
        <thead>
          <tr>
            <th scope="col">{t('decide.names')}</th>
            <th scope="col">{t('decide.from')}</th>
            <th scope="col">{t('decide.becomes')}</th>
          </tr>
        </thead>
        <tbody>
          {told.people.map((one) => (
            <tr key={one.person_id}>
              <td>
                {one.names.map(({ namespace, value }) => (
                  <div key={`${namespace}:${value}`}>
                    {word('namespace', namespace)} <span className="code">{value}</span>
                  </div>
                ))}
              </td>
              <td className="code">{one.person_id}</td>
              <td className="code">
                {one.becomes.map((person) => (
                  <div key={person}>{person}</div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
