import { useClauses } from '@/api/queries/audiences';
import { useText } from '@/i18n/text';
import { BarList } from '@/ui/BarList/BarList';
import { Panel } from '@/ui/Panel/Panel';
import './clauses.css';

/** Each clause counted by itself, so that one sees which narrows the audience and which does nothing. */
export function Clauses({ condition, enabled }: { condition: string; enabled: boolean }) {
  const { t } = useText('audiences');
  const { data } = useClauses(condition, { enabled });
  if (!enabled || !data || data.clauses.length < 2) return null;
  return (
    <Panel title={t('clauses.title')} note={t('clauses.note')} className="clauses">
      <BarList
        of={data.of_people}
        bars={data.clauses.map(({ condition: text, sentence, people }) => ({
          key: text,
          label: sentence,
          spoken: sentence,
          people,
          condition: text,
        }))}
      />
    </Panel>
  );
}
