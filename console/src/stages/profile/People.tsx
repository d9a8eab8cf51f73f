import { useText } from '@/i18n/text';
import { peopleOrders, usePeople, type PeopleAsked } from '@/api/queries/people';
import { oneOf, text, useUrlState } from '@/lib/urlState';
import { Freshness } from '@/ui/Freshness/Freshness';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { LargePeople } from './identity/LargePeople';
import { PeopleSearch } from './PeopleSearch';
import { RecentOfName } from './Recent';
import { PeopleTable } from '@/ui/PeopleTable/PeopleTable';

const schema = { name: text(), condition: text(), sort: oneOf(peopleOrders, 'last_seen_at') };

/** Find somebody by a name that the shop knows, or look through everybody. */
export default function People() {
  const { t } = useText('people');
  const [state, set] = useUrlState(schema);
  const { name, condition, sort } = state;
  const asked: PeopleAsked = { sort, limit: 50, ...(name ? { name } : condition && { condition }) };
  const people = usePeople(asked);
  const first = people.data?.pages[0];

  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        freshness={
          <Freshness
            computed={first?.computed}
            call={{ method: 'POST', path: '/api/people/search', body: asked }}
            command={name ? `qianmian profile show ${name}` : undefined}
          />
        }
        actions={
          condition && (
            <LinkButton to={`/segment/audiences/new?${new URLSearchParams({ condition })}`}>{t('editCondition')}</LinkButton>
          )
        }
      />
      <div className="stack">
        <LargePeople />
        <Panel flush>
          <Answer of={people} rows={12}>
            {({ pages }) => (
              <PeopleTable
                name="people"
                pages={pages}
                query={people}
                sort={sort}
                onSort={(by) => set({ sort: by })}
                tools={<PeopleSearch key={name} name={name} condition={condition} onFind={(found) => set({ name: found, condition: '' })} />}
                none={
                  <>
                    {name && <RecentOfName name={name} />}
                    <StateView
                      case="filtered"
                      filter={name ? t('noneNamed', { name }) : t('noneMeet', { condition })}
                      onClear={() => set({ name: '', condition: '' })}
                    />
                  </>
                }
              />
            )}
          </Answer>
        </Panel>
      </div>
    </>
  );
}
