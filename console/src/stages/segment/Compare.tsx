import { Select } from 'antd';
import { useComparison } from '@/api/queries/audiences';
import { useAudiences } from '@/api/queries/savedAudiences';
import { useTags } from '@/api/queries/tags';
import type { Comparison } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { isFound } from '@/lib/pinyin';
import { text, useUrlState } from '@/lib/urlState';
import { CompareTable } from '@/ui/CompareTable/CompareTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { AudiencePicker } from './AudiencePicker';

const MOST_TAGS = 12;
const schema = { first: text(), second: text(), tags: text('lifecycle,rfm,preferred_category,channel,region,net_90d') };

/** Two audiences, or one and everybody: how many they are, how many are both, and how a few tags lie over each. */
export default function Compare() {
  const { t } = useText('audiences');
  const [state, set] = useUrlState(schema);
  const tags = state.tags.split(',').filter(Boolean);
  const compared = useComparison(state.first, state.second, tags);
  return (
    <>
      <PageHeader
        title={t('compare.title')}
        purpose={t('compare.purpose')}
        freshness={
          <Freshness
            computed={compared.data?.computed}
            call={{ method: 'POST', path: '/api/audiences/compare', body: { first: state.first, second: state.second, tags } }}
          />
        }
      />
      <div className="stack">
        <Panel>
          <div className="compare-choice">
            <AudiencePicker label={t('compare.first')} side="first" value={state.first} onChoose={(first) => set({ first })} />
            <AudiencePicker label={t('compare.second')} side="second" everybody value={state.second} onChoose={(second) => set({ second })} />
            <TagChoice chosen={tags} onChoose={(next) => set({ tags: next.join(',') })} />
          </div>
        </Panel>
        {state.first === '' ? (
          <Panel>
            <StateView case="new" title={t('compare.none')} words={t('compare.noneWords')} />
          </Panel>
        ) : (
          <Answer of={compared} rows={12}>
            {(told) => <Sides told={told} />}
          </Answer>
        )}
      </div>
    </>
  );
}

function Sides({ told }: { told: Comparison }) {
  const { t } = useText('audiences');
  const format = useFormats();
  const { title } = useWords();
  const name = useName();
  const { first, second, both, tags } = told;
  const overlap = [first.condition, second.condition].filter(Boolean).map((one) => `(${one})`).join(' and ');
  return (
    <>
      <Stats>
        <Stat
          label={name(first.condition)}
          value={<PeopleCount people={first.people} condition={first.condition} label={t('compare.first')} />}
          note={<span className="compare-key" data-side="first">{t('compare.first')}</span>}
        />
        <Stat
          label={name(second.condition)}
          value={<PeopleCount people={second.people} condition={second.condition} label={t('compare.second')} />}
          note={<span className="compare-key" data-side="second">{t('compare.second')}</span>}
        />
        <Stat
          label={t('compare.both')}
          value={<PeopleCount people={both} condition={overlap || null} label={t('compare.both')} />}
          note={t('compare.overlap', { first: format.share(both, first.people), second: format.share(both, second.people) })}
        />
      </Stats>
      <div className="grid">
        {tags.map((tag) => (
          <Panel key={tag.tag.name} className="span-6" title={title(tag.tag)} note={<code>{tag.tag.name}</code>}>
            <CompareTable tag={tag} first={first.people} second={second.people} />
          </Panel>
        ))}
      </div>
    </>
  );
}

function TagChoice({ chosen, onChoose }: { chosen: string[]; onChoose(tags: string[]): void }) {
  const { t } = useText('audiences');
  const { title } = useWords();
  const tags = useTags();
  return (
    <label className="compare-field">
      <span className="muted">{t('compare.tags')}</span>
      <Select
        mode="multiple"
        maxCount={MOST_TAGS}
        maxTagCount="responsive"
        aria-label={t('compare.tags')}
        value={chosen}
        onChange={onChoose}
        options={(tags.data ?? []).map((tag) => ({ value: tag.name, label: title(tag), words: [tag.name, tag.zh, tag.en] }))}
        showSearch={{ filterOption: (typed, option) => isFound(typed, ...(option?.words ?? [])) }}
      />
    </label>
  );
}

// A side is called by the name under which it is saved, else by its condition.
function useName() {
  const { t } = useText('audiences');
  const saved = useAudiences();
  return (condition: string | null) =>
    condition === null ? t('compare.everybody') : (saved.data?.find((one) => one.lists === condition)?.name ?? condition);
}
