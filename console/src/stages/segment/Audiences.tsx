import { useEffect, useState } from 'react';
import { useText } from '@/i18n/text';
import { useCheck, useSize } from '@/api/queries/audiences';
import { peopleOrders, usePeople } from '@/api/queries/people';
import { useDebounced } from '@/lib/debounced';
import { oneOf, text, useUrlState } from '@/lib/urlState';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleTable } from '@/ui/PeopleTable/PeopleTable';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { ConditionEditor } from './ConditionEditor';
import { Examples } from './Examples';
import { LiveCount } from './LiveCount';

const PAUSE_MS = 300;
const schema = { condition: text(), sort: oneOf(peopleOrders, 'last_seen_at') };

/** Say in words who is meant; see at once how many they are, and who. */
export default function Audiences() {
  const { t } = useText('audiences');
  const [{ condition, sort }, set] = useUrlState(schema);
  const [typed, setTyped] = useState(condition);
  const settled = useDebounced(typed, PAUSE_MS);
  const check = useCheck(settled);
  const sound = check.data?.condition != null && !check.isPlaceholderData;
  const size = useSize(settled, { enabled: sound });

  useEffect(() => setTyped(condition), [condition]);
  useEffect(() => {
    if (settled !== condition && settled === typed) set({ condition: settled }, { replace: true });
    // Only what was typed moves the address; the address itself is followed above.
    // eslint-disable-next-line
  }, [settled]);

  const empty = typed.trim() === '';
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        freshness={
          <Freshness
            computed={size.data?.computed}
            call={{ method: 'POST', path: '/api/audiences/size', body: { condition: settled } }}
            command={`qianmian audience size ${JSON.stringify(settled)}`}
          />
        }
      />
      <div className="grid">
        <div className="span-8 grow">
          <Panel title={t('condition')} note={t('conditionNote')}>
            <ConditionEditor text={typed} problems={empty ? [] : (check.data?.problems ?? [])} onChange={setTyped} />
          </Panel>
        </div>
        <div className="span-4 grow">
          <LiveCount size={size} sound={sound} empty={empty} />
        </div>
        <div className="span-12">
          {sound && !empty ? (
            <Members condition={settled} sort={sort} onSort={(by) => set({ sort: by })} />
          ) : (
            <Examples onTake={(example) => set({ condition: example })} />
          )}
        </div>
      </div>
    </>
  );
}

interface MembersProps {
  condition: string;
  sort: (typeof peopleOrders)[number];
  onSort(by: (typeof peopleOrders)[number]): void;
}

function Members({ condition, sort, onSort }: MembersProps) {
  const { t } = useText('audiences');
  const people = usePeople({ condition, sort, limit: 50 });
  return (
    <Panel flush>
      <Answer of={people} rows={8}>
        {({ pages }) => (
          <PeopleTable
            name="members"
            tools={<h2 className="panel-title">{t('members')}</h2>}
            pages={pages}
            query={people}
            sort={sort}
            onSort={onSort}
            none={<StateView case="filtered" filter={t('nobody')} />}
          />
        )}
      </Answer>
    </Panel>
  );
}
