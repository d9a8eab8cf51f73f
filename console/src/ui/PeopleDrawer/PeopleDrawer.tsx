import { Button } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useInsight } from '@/api/queries/audiences';
import { usePeople } from '@/api/queries/people';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { FEW } from '@/lib/format';
import { Copy } from '@/ui/Copy/Copy';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { ExportPeople } from '@/ui/ExportPeople/ExportPeople';
import { Freshness } from '@/ui/Freshness/Freshness';
import { Insight } from '@/ui/Insight/Insight';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { EVERYBODY, PEOPLE_PARAM } from '@/ui/PeopleCount/openPeople';
import { PeopleList } from '@/ui/PeopleCount/PeopleList';
import { Answer } from '@/ui/StateView/Answer';
import '@/ui/PeopleCount/peopleList.css';

const SORT = 'last_seen_at';

/** The people behind a number: who they are, what sets them apart, and what can be done with them. */
export default function PeopleDrawer() {
  const { t } = useText('people');
  const [params, setParams] = useSearchParams();
  const asked = params.get(PEOPLE_PARAM);

  function close() {
    setParams((current) => {
      const next = new URLSearchParams(current);
      next.delete(PEOPLE_PARAM);
      return next;
    });
  }

  return (
    <DetailDrawer open={asked !== null} title={t('drawer.title')} onClose={close}>
      {asked !== null && <Members key={asked} condition={asked === EVERYBODY ? undefined : asked} />}
    </DetailDrawer>
  );
}

function Members({ condition }: { condition: string | undefined }) {
  const { t } = useText('people');
  const format = useFormats();
  const body = { ...(condition && { condition }), sort: SORT, limit: 20 } as const;
  const people = usePeople(body);
  return (
    <Answer of={people} rows={10}>
      {({ pages: [first] }) =>
        first && (
          <div className="stack">
            <div className="row baseline">
              <strong className="people-total number">{t('count', { count: first.total, n: format.int(first.total) })}</strong>
              {condition && first.total >= FEW && <ShareOfAll condition={condition} />}
            </div>
            <Actions condition={condition} people={first.total} />
            {condition && (
              <div className="condition-text">
                <code>{condition}</code>
                <Copy text={condition} />
              </div>
            )}
            {condition && first.total > 0 && (
              <section className="drawer-part">
                <h3>{t('insight.title')}</h3>
                <Insight condition={condition} />
              </section>
            )}
            <section className="drawer-part">
              <h3>
                {first.total > first.people.length ? t('drawer.first', { n: format.int(first.people.length) }) : t('drawer.all')}
              </h3>
              <PeopleList people={first.people} />
            </section>
            <Freshness
              computed={first.computed}
              call={{ method: 'POST', path: '/api/people/search', body }}
              command={condition && `qianmian audience members ${JSON.stringify(condition)}`}
            />
          </div>
        )
      }
    </Answer>
  );
}

function ShareOfAll({ condition }: { condition: string }) {
  const { t } = useText('people');
  const format = useFormats();
  const { data } = useInsight(condition);
  return data && <span className="muted">{t('drawer.share', { share: format.share(data.people, data.of_people) })}</span>;
}

function Actions({ condition, people }: { condition: string | undefined; people: number }) {
  const { t } = useText('people');
  const [exporting, setExporting] = useState(false);
  const query = condition ? `?${new URLSearchParams({ condition })}` : '';
  return (
    <>
      <div className="row wrap drawer-actions">
        {condition && (
          <LinkButton type="primary" to={`/segment/audiences/new${query}&save=1`}>
            {t('drawer.asAudience')}
          </LinkButton>
        )}
        <LinkButton to={`/profile/people${query}`}>{t('drawer.openList')}</LinkButton>
        {condition && (
          <LinkButton to={`/segment/compare?${new URLSearchParams({ first: condition })}`}>{t('drawer.compare')}</LinkButton>
        )}
        <Button aria-expanded={exporting} onClick={() => setExporting(!exporting)}>
          {t('export.title')}
        </Button>
      </div>
      {exporting && <ExportPeople condition={condition ?? null} people={people} sort={SORT} />}
    </>
  );
}
