import { useText } from '@/i18n/text';
import { Link } from 'react-router';
import type { Overview } from '@/api/shapes';
import { useWords } from '@/i18n/words';
import { BarList } from '@/ui/BarList/BarList';
import { Panel } from '@/ui/Panel/Panel';

const order = ['potential', 'new', 'active', 'loyal', 'at_risk', 'lost'];

/** Where everybody stands with the shop, in the order of a life with it. */
export function Lifecycle({ overview, className }: { overview: Overview; className: string }) {
  const { t } = useText('overview');
  const { word } = useWords();
  const stages = overview.lifecycle.toSorted((one, other) => order.indexOf(String(one.label)) - order.indexOf(String(other.label)));
  const bars = stages.map(({ label, people, condition }) => {
    const name = word('value', String(label));
    return { key: name, label: name, spoken: name, people, condition };
  });
  return (
    <Panel
      title={t('lifecycle.title')}
      note={t('lifecycle.note')}
      className={className}
      actions={<Link to="/profile/tags/lifecycle">{t('lifecycle.definition')}</Link>}
    >
      <BarList bars={bars} of={overview.people} />
    </Panel>
  );
}
