import { useTraits } from '@/api/queries/facts';
import type { Trait } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { CoverageBar } from '@/ui/CoverageBar/CoverageBar';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Freshness } from '@/ui/Freshness/Freshness';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Statements } from '@/ui/Statements/Statements';
import { When } from '@/ui/Values/Values';
import './traits.css';

/** A confidence is drawn as a share of so many, so that it always shows as a percentage. */
const WHOLE = 1000;

interface Props {
  person: string;
  /** Name of the trait whose statements are shown; empty = none. */
  opened: string;
  onOpen(trait: string): void;
}

/** What sources state of a person, as far as it holds; and behind each trait who said what. */
export function Traits({ person, opened, onOpen }: Props) {
  const { t } = useText('facts');
  const traits = useTraits(person);
  return (
    <Panel title={t('traits')} note={t('traitsNote')} flush>
      <Answer of={traits} rows={3}>
        {(told) => (
          <>
            {told.traits.length === 0 ? <StateView case="new" title={t('noTraits')} words={t('noneWords')} /> : <Held traits={told.traits} opened={opened} onOpen={onOpen} />}
            <Said person={person} trait={told.traits.find(({ trait }) => trait === opened)} onClose={() => onOpen('')} />
          </>
        )}
      </Answer>
    </Panel>
  );
}

function Held({ traits, opened, onOpen }: { traits: readonly Trait[]; opened: string; onOpen(trait: string): void }) {
  const { t } = useText('facts');
  const { word } = useWords();
  const format = useFormats();
  const columns: Column<Trait>[] = [
    { key: 'trait', title: t('column.trait'), render: ({ trait }) => word('trait', trait) },
    { key: 'value', title: t('column.value'), render: (one) => <Value of={one} /> },
    { key: 'confidence', title: t('column.confidence'), render: ({ confidence }) => <CoverageBar part={confidence * WHOLE} all={WHOLE} /> },
    { key: 'speaking', title: t('column.speaking'), numeric: true, render: ({ supporting, speaking }) => `${format.int(supporting)} / ${format.int(speaking)}` },
    { key: 'stated', title: t('column.stated'), render: ({ stated_at }) => <When at={stated_at} as="minute" /> },
  ];
  return (
    <DataTable
      name="traits"
      caption={t('traits')}
      columns={columns}
      rows={traits}
      rowKey={({ trait }) => trait}
      selected={opened || undefined}
      onOpen={({ trait }) => onOpen(trait)}
    />
  );
}

function Value({ of: { value, runner_up, is_disputed } }: { of: Trait }) {
  const { t } = useText('facts');
  const { word } = useWords();
  return (
    <>
      {word('traitValue', value)}{' '}
      {is_disputed && <span className="muted">{t('runnerUp', { value: word('traitValue', runner_up) })} </span>}
      {is_disputed && <span className="trait-disputed">{t('disputed')}</span>}
    </>
  );
}

function Said({ person, trait, onClose }: { person: string; trait: Trait | undefined; onClose(): void }) {
  const { t } = useText('facts');
  const { word } = useWords();
  const format = useFormats();
  return (
    <DetailDrawer open={trait !== undefined} title={trait && `${word('trait', trait.trait)} · ${word('traitValue', trait.value)}`} onClose={onClose}>
      {trait && (
        <div className="stack">
          <p>{t('confidence', { confidence: format.share(trait.confidence * WHOLE, WHOLE), supporting: trait.supporting, speaking: trait.speaking })}</p>
          <Statements caption={word('trait', trait.trait)} said={trait.statements} />
          <Freshness call={{ path: `/api/people/${person}/traits` }} command={`qianmian profile traits person:${person}`} />
        </div>
      )}
    </DetailDrawer>
  );
}
