import { useCleaningReport, useFlagged } from '@/api/queries/quality';
import type { FlaggedEvent, RuleReport } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useRuleName } from '@/i18n/ruleName';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Panel } from '@/ui/Panel/Panel';
import { PersonLink } from '@/ui/PersonLink/PersonLink';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import { useFieldName } from './fields';
import { ruleSchema } from './look';

/** Events that a rule takes for something else than they seem; every count opens the newest of them. */
export function Flags() {
  const { t } = useText('quality');
  const report = useCleaningReport();
  const columns = useColumns();
  return (
    <Panel flush title={t('flags')} note={t('flagsNote')}>
      <Answer of={report}>
        {({ rules, leave_out }) =>
          rules.length === 0 ? (
            <StateView case="new" title={t('noFlags')} words={t('noFlagsWords')} />
          ) : (
            <DataTable
              name="quality-flags"
              caption={t('flags')}
              columns={columns}
              rows={rules}
              rowKey={(one) => [one.rule, one.source, one.field].join(' ')}
              foot={<LeaveOut reasons={leave_out} />}
            />
          )
        }
      </Answer>
      <Flagged />
    </Panel>
  );
}

function LeaveOut({ reasons }: { reasons: readonly string[] }) {
  const { t } = useText('quality');
  const rule = useRuleName();
  const names = reasons.map(rule).join(t('and'));
  return <p className="quality-foot muted">{reasons.length === 0 ? t('allCount') : t('leaveOut', { names })}</p>;
}

function useColumns(): Column<RuleReport>[] {
  const { t } = useText('quality');
  const format = useFormats();
  const field = useFieldName();
  const rule = useRuleName();
  const [, set] = useUrlState(ruleSchema);
  return [
    { key: 'rule', title: t('column.rule'), render: (one) => rule(one.rule) },
    { key: 'field', title: t('column.field'), render: (one) => (one.field ? field(one.field) : NONE) },
    { key: 'source', title: t('column.source'), render: (one) => one.source },
    {
      key: 'events',
      title: t('column.flagged'),
      numeric: true,
      render: (one) => (
        <button
          type="button"
          className="plain-button quality-look number"
          aria-label={`${rule(one.rule)}: ${format.int(one.events)}`}
          onClick={() => set({ rule: one.rule, of: one.source, at: one.field })}
        >
          {format.int(one.events)}
        </button>
      ),
    },
    { key: 'identifiers', title: t('column.identifiers'), numeric: true, render: (one) => <Num value={one.identifiers} /> },
    { key: 'counts', title: t('column.counts'), render: (one) => (one.is_left_out ? <span className="muted">{t('leftOut')}</span> : t('counted')) },
    { key: 'last', title: t('column.until'), render: (one) => <When at={one.last_at} as="minute" /> },
  ];
}

function Flagged() {
  const { t } = useText('quality');
  const { word } = useWords();
  const format = useFormats();
  const name = useRuleName();
  const [{ rule, of, at }, set] = useUrlState(ruleSchema);
  const flagged = useFlagged({ rule, source: of, field: at });
  const columns: Column<FlaggedEvent>[] = [
    { key: 'event', title: t('column.event'), render: (one) => <bdi title={one.event_id}>{word('event', one.event)}</bdi> },
    { key: 'occurred', title: t('column.occurred'), render: (one) => <span className="number">{format.stamp(one.occurred_at)}</span> },
    { key: 'value', title: t('column.cell'), render: (one) => <bdi className="quality-value">{one.value ?? NONE}</bdi> },
    { key: 'like_event', title: t('column.like'), render: (one) => <code className="quality-value">{one.like_event ?? NONE}</code> },
    { key: 'person', title: t('column.person'), render: (one) => (one.person ? <PersonLink person={one.person} /> : NONE) },
  ];
  return (
    <DetailDrawer wide open={rule !== ''} title={rule && t('flagged', { rule: name(rule) })} onClose={() => set({ rule: '', of: '', at: '' })}>
      <Answer of={flagged} rows={8}>
        {(rows) => (
          <DataTable
            name="quality-flagged"
            caption={t('flags')}
            columns={columns.filter(({ key }) => (key !== 'value' && key !== 'like_event') || rows.some((one) => one[key] !== null))}
            rows={rows}
            rowKey={(one) => one.event_id}
          />
        )}
      </Answer>
    </DetailDrawer>
  );
}
