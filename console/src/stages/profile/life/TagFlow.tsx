import { Input } from 'antd';
import { useState } from 'react';
import { useTagFlow } from '@/api/queries/tagLife';
import type { Tag, TagFlow as Told } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { text, useUrlState } from '@/lib/urlState';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { MovedPeople, type Move } from './MovedPeople';

const schema = { since: text(), until: text() };

/** Who went from which value of a tag to which, between two dates. */
export function TagFlow({ tag }: { tag: Tag }) {
  const { t } = useText('tagLife');
  const format = useFormats();
  const [{ since, until }, set] = useUrlState(schema);
  const flow = useTagFlow(tag.name, { since: since || undefined, until: until || undefined });
  const told = flow.data;
  return (
    <Panel
      title={t('flow.title')}
      note={t('flow.note')}
      actions={
        told && (
          <>
            <Input className="flow-date" type="date" aria-label={t('flow.since')} value={told.since} min={told.first_on} max={told.until} onChange={(event) => event.target.value && set({ since: event.target.value })} />
            <Input className="flow-date" type="date" aria-label={t('flow.until')} value={told.until} min={told.since} max={told.computed.today} onChange={(event) => event.target.value && set({ until: event.target.value })} />
          </>
        )
      }
    >
      <Answer of={flow} rows={8}>
        {(one) => (
          <>
            <Matrix flow={one} tag={tag} />
            <p className="muted flow-note">{t('flow.first', { date: format.date(one.first_on) })}</p>
          </>
        )}
      </Answer>
    </Panel>
  );
}

function Matrix({ flow, tag }: { flow: Told; tag: Tag }) {
  const { t } = useText('tagLife');
  const format = useFormats();
  const { tagValue } = useWords();
  const [asked, setAsked] = useState<Move | null>(null);
  const people = (before: string | null, after: string | null) => flow.moves.find((move) => move.before === before && move.after === after)?.people ?? 0;
  const of = (side: 'before' | 'after', value: string | null) => flow.moves.reduce((sum, move) => sum + (move[side] === value ? move.people : 0), 0);
  const values = (side: 'before' | 'after') => [...flow.values, null].filter((value) => value !== null || of(side, null) > 0);
  const name = (value: string | null) => (value === null ? t('flow.none') : tagValue(tag, value));
  const most = Math.max(1, ...flow.moves.map((move) => (move.before === move.after ? 0 : move.people)));
  return (
    <div className="flow-scroll">
      <table className="table flow">
        <caption className="visually-hidden">{t('flow.table')}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="muted">{t('flow.from')} ↓ · {t('flow.to')} →</span>
            </th>
            {values('after').map((after) => (
              <th key={after ?? ''} scope="col" className="table-numeric">
                {name(after)}
              </th>
            ))}
            <th scope="col" className="table-numeric">{t('flow.total')}</th>
          </tr>
        </thead>
        <tbody>
          {values('before').map((before) => (
            <tr key={before ?? ''}>
              <th scope="row">{name(before)}</th>
              {values('after').map((after) => {
                const number = people(before, after);
                const stays = before === after;
                const shade = stays ? 0 : Math.round((number / most) * 40);
                return (
                  <td key={after ?? ''} className={stays ? 'table-numeric flow-stays' : 'table-numeric'} style={shade ? { background: `color-mix(in srgb, var(--q-primary) ${shade}%, transparent)` } : undefined}>
                    {number > 0 ? (
                      <button type="button" className="plain-button number" aria-label={`${t('flow.drawer', { from: name(before), to: name(after) })} ${format.int(number)}`} onClick={() => setAsked({ before, after })}>
                        {format.int(number)}
                      </button>
                    ) : (
                      <span className="muted">·</span>
                    )}
                  </td>
                );
              })}
              <td className="table-numeric muted">{format.int(of('before', before))}</td>
            </tr>
          ))}
          <tr>
            <th scope="row" className="muted">{t('flow.total')}</th>
            {values('after').map((after) => (
              <td key={after ?? ''} className="table-numeric muted">{format.int(of('after', after))}</td>
            ))}
            <td className="table-numeric muted">{format.int(flow.moves.reduce((sum, move) => sum + move.people, 0))}</td>
          </tr>
        </tbody>
      </table>
      <MovedPeople tag={tag} flow={flow} move={asked} onClose={() => setAsked(null)} />
    </div>
  );
}
