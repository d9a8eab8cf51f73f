import { Select } from 'antd';
import { useState } from 'react';
import type { PairAgreement } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { Panel } from '@/ui/Panel/Panel';

/** How well each two sources agree on a trait, as a map of heat. */
export function Pairs({ className, pairs }: { className: string; pairs: readonly PairAgreement[] }) {
  const { t } = useText('facts');
  const { word } = useWords();
  const traits = [...new Set(pairs.map(({ trait }) => trait))];
  const [chosen, setChosen] = useState('');
  const trait = traits.includes(chosen) ? chosen : (traits[0] ?? '');
  const choice = (
    <Select
      size="small"
      className="facts-choice"
      aria-label={t('trait')}
      value={trait}
      options={traits.map((value) => ({ value, label: word('trait', value) }))}
      onChange={setChosen}
    />
  );
  return (
    <Panel className={className} title={t('pairs')} note={t('pairsNote')} actions={choice}>
      <Heat pairs={pairs.filter((one) => one.trait === trait)} />
    </Panel>
  );
}

function Heat({ pairs }: { pairs: readonly PairAgreement[] }) {
  const { t } = useText('facts');
  const sources = [...new Set(pairs.flatMap(({ one, other }) => [one, other]))].sort();
  const of = (a: string, b: string) => pairs.find(({ one, other }) => (one === a && other === b) || (one === b && other === a));
  return (
    <div className="table-scroll">
      <table className="facts-heat">
        <caption className="visually-hidden">{t('pairs')}</caption>
        <thead>
          <tr>
            <td />
            {sources.map((source) => (
              <th key={source} scope="col">
                {source}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sources.map((row) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              {sources.map((column) => (
                <Cell key={column} pair={of(row, column)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ pair }: { pair: PairAgreement | undefined }) {
  const { t } = useText('facts');
  const format = useFormats();
  if (!pair) return <td className="muted">{NONE}</td>;
  const share = pair.agree / pair.people;
  const said = { one: pair.one, other: pair.other, agree: format.int(pair.agree), people: format.int(pair.people) };
  return (
    <td title={t('cell', said)} style={{ background: `color-mix(in srgb, var(--q-primary) ${Math.round(share * 45)}%, transparent)` }}>
      <span className="number">{format.share(pair.agree, pair.people)}</span>
      <span className="facts-small number">
        κ {pair.kappa === null ? NONE : format.number(pair.kappa)} · {format.int(pair.people)}
      </span>
    </td>
  );
}
