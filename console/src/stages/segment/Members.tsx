import { peopleOrders, usePeople } from '@/api/queries/people';
import { useText } from '@/i18n/text';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleTable } from '@/ui/PeopleTable/PeopleTable';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';

interface Props {
  condition: string;
  sort: (typeof peopleOrders)[number];
  onSort(by: (typeof peopleOrders)[number]): void;
}

/** Who meets a condition. */
export function Members({ condition, sort, onSort }: Props) {
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
