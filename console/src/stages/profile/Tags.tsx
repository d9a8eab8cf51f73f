import { Input, Select } from 'antd';
import { useText } from '@/i18n/text';
import { Link, useNavigate } from 'react-router';
import { useDefinitions } from '@/api/queries/tagDefinitions';
import { useCheckups } from '@/api/queries/tagLife';
import { useCoverage } from '@/api/queries/tags';
import type { Tag } from '@/api/shapes';
import { useFormats, useLanguage } from '@/i18n/place';
import { useWords } from '@/i18n/words';
import { oneOf, text, useUrlState } from '@/lib/urlState';
import { CoverageBar } from '@/ui/CoverageBar/CoverageBar';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { byFamily, families, familyOf } from '@/ui/TagFamily/family';
import { TagFamily } from '@/ui/TagFamily/TagFamily';
import { VerdictMark } from './life/VerdictMark';
import { TagPeek } from './TagPeek';
import { TagState } from './TagState';

const choices = ['all', ...families] as const;
const origins = ['all', 'built_in', 'own'] as const;
const schema = { q: text(), family: oneOf(choices, 'all'), origin: oneOf(origins, 'all'), sort: oneOf(['family', 'coverage', 'name'], 'family'), peek: text() };

/** All tags: what they say, how they are made, how many people they cover. */
export default function Tags() {
  const { t } = useText('tags', 'people', 'tagLife');
  const navigate = useNavigate();
  const format = useFormats();
  const { title } = useWords();
  const [{ q, family, origin, sort, peek }, set] = useUrlState(schema);
  const definitions = useDefinitions();
  const states = new Map(definitions.data?.map(({ tag, state }) => [tag.name, state]));
  const coverage = useCoverage();
  const covered = new Map(coverage.data?.tags.map((one) => [one.name, one]));
  const checkups = useCheckups(useLanguage());
  const drifted = new Map(checkups.data?.tags.map(({ name, marks }) => [name, marks.find((mark) => mark.name === 'stability')?.verdict]));
  const columns = useColumns(covered, { states, drifted }, coverage.data?.people);

  function ordered(all: readonly Tag[]): Tag[] {
    const wanted = q.trim().toLowerCase();
    const fitting = all.filter(
      (tag) =>
        (family === 'all' || familyOf(tag) === family) &&
        (origin === 'all' || tag.is_own === (origin === 'own')) &&
        `${tag.name} ${tag.zh} ${tag.en}`.toLowerCase().includes(wanted),
    );
    if (sort === 'coverage') return fitting.toSorted((one, other) => reach(other) - reach(one));
    if (sort === 'name') return fitting.toSorted((one, other) => format.compare(title(one), title(other)));
    return byFamily(fitting).flatMap(([, members]) => members);
  }

  function reach(tag: Tag): number {
    return covered.get(tag.name)?.covered ?? -1;
  }

  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={
          definitions.data &&
          t('purpose', { n: format.int(definitions.data.length), own: format.int(definitions.data.filter(({ tag }) => tag.is_own).length) })
        }
        actions={
          <>
            <LinkButton to="/profile/checkup">{t('tagLife:checkup.open')}</LinkButton>
            <LinkButton type="primary" to="/profile/tags/new">
              {t('new')}
            </LinkButton>
          </>
        }
        freshness={<Freshness computed={coverage.data?.computed} call={{ path: '/api/coverage' }} command="qianmian tag list" />}
      />
      <Panel flush>
        <Answer of={definitions} rows={14}>
          {(all) => {
            const rows = ordered(all.map(({ tag }) => tag));
            return (
              <>
                <DataTable
                  name="tags"
                  caption={t('title')}
                  columns={columns}
                  rows={rows}
                  rowKey={(tag) => tag.name}
                  onOpen={(tag) => (states.get(tag.name) === 'waiting' ? void navigate(`/profile/tags/${tag.name}`) : set({ peek: tag.name }))}
                  selected={peek}
                  sorted={{ by: sort, descending: sort === 'coverage', onSort: (by) => set({ sort: schema.sort.read(by) }) }}
                  tools={
                    <>
                      <Input
                        className="search-box"
                        allowClear
                        data-filter
                        aria-label={t('filter')}
                        placeholder={t('filter')}
                        value={q}
                        onChange={(event) => set({ q: event.target.value }, { replace: true })}
                      />
                      <Select
                        aria-label={t('column.family')}
                        value={family}
                        popupMatchSelectWidth={false}
                        onChange={(next) => set({ family: next })}
                        options={choices.map((value) => ({ value, label: value === 'all' ? t('allFamilies') : t(`people:family.${value}`) }))}
                      />
                      <Select
                        aria-label={t('origin.label')}
                        value={origin}
                        popupMatchSelectWidth={false}
                        onChange={(next) => set({ origin: next })}
                        options={origins.map((value) => ({ value, label: t(`origin.${value}`) }))}
                      />
                      <span className="muted number">{t('found', { count: rows.length })}</span>
                    </>
                  }
                />
                {rows.length === 0 && origin === 'own' && !all.some(({ tag }) => tag.is_own) ? (
                  <NoneOwn />
                ) : (
                  rows.length === 0 && <StateView case="filtered" filter={q} onClear={() => set({ q: '', family: 'all', origin: 'all' })} />
                )}
              </>
            );
          }}
        </Answer>
      </Panel>
      <TagPeek name={peek} onClose={() => set({ peek: '' })} />
    </>
  );
}

function NoneOwn() {
  const { t } = useText('tags');
  const action = (
    <LinkButton type="primary" to="/profile/tags/new">
      {t('new')}
    </LinkButton>
  );
  return <StateView case="new" title={t('noneOwn.title')} words={t('noneOwn.words')} action={action} />;
}

interface Told {
  states: Map<string, string>;
  drifted: Map<string, string | undefined>;
}

type Covered = Map<string, { covered: number; condition: string }>;

function useColumns(covered: Covered, { states, drifted }: Told, people: number | undefined): Column<Tag>[] {
  const { t } = useText('tags', 'people', 'tagLife');
  const { title, word } = useWords();
  return [
    {
      key: 'title',
      title: t('column.title'),
      sort: 'name',
      render: (tag) => (
        <>
          <Link to={`/profile/tags/${tag.name}`}>{title(tag)}</Link> <span className="code muted">{tag.name}</span>{' '}
          {(tag.is_own || states.get(tag.name) !== 'told') && <TagState state={states.get(tag.name) ?? 'waiting'} />}{' '}
          {drifted.get(tag.name) === 'bad' && <VerdictMark verdict="bad">{t('tagLife:drift.drifted')}</VerdictMark>}
          {drifted.get(tag.name) === 'look' && <VerdictMark verdict="look">{t('tagLife:drift.moved')}</VerdictMark>}
        </>
      ),
    },
    {
      key: 'family',
      title: t('column.family'),
      sort: 'family',
      render: (tag) => <TagFamily tag={tag} />,
    },
    { key: 'kind', title: t('column.kind'), optional: true, render: (tag) => word('kind', tag.kind) },
    { key: 'type', title: t('column.type'), optional: true, render: (tag) => word('type', tag.type) },
    {
      key: 'window',
      title: t('column.window'),
      optional: true,
      render: (tag) => (tag.window_days === null ? t('people:why.allTime') : t('people:wall.window', { count: tag.window_days })),
    },
    {
      key: 'coverage',
      title: t('column.coverage'),
      sort: 'coverage',
      width: 220,
      render: (tag) => <CoverageBar part={covered.get(tag.name)?.covered} all={people} />,
    },
    {
      key: 'people',
      title: t('column.people'),
      numeric: true,
      render: (tag) => {
        const one = covered.get(tag.name);
        return one && <PeopleCount people={one.covered} condition={one.condition} label={title(tag)} />;
      },
    },
  ];
}
