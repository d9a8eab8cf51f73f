import { Button } from 'antd';
import { useText } from '@/i18n/text';
import { Link, useSearchParams } from 'react-router';
import { usePeople } from '@/api/queries/people';
import { useFormats } from '@/i18n/place';
import { Copy } from '@/ui/Copy/Copy';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Freshness } from '@/ui/Freshness/Freshness';
import { Answer } from '@/ui/StateView/Answer';
import { EVERYBODY, PEOPLE_PARAM } from './openPeople';
import { PeopleList } from './PeopleList';

/** The people behind a number: who they are, and what can be done with them. */
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
      {asked !== null && <Members condition={asked === EVERYBODY ? undefined : asked} />}
    </DetailDrawer>
  );
}

function Members({ condition }: { condition: string | undefined }) {
  const { t } = useText('people');
  const format = useFormats();
  const body = { ...(condition && { condition }), sort: 'last_seen_at' as const, limit: 20 };
  const people = usePeople(body);
  const query = condition ? `?${new URLSearchParams({ condition })}` : '';
  return (
    <Answer of={people} rows={10}>
      {({ pages: [first] }) =>
        first && (
          <div className="stack">
            <div className="row spread">
              <strong className="people-total number">{t('count', { count: first.total, n: format.int(first.total) })}</strong>
              <div className="row">
                <Link to={`/profile/people${query}`}>
                  <Button>{t('drawer.openList')}</Button>
                </Link>
                {condition && (
                  <Link to={`/segment/audiences${query}`}>
                    <Button type="primary">{t('drawer.asAudience')}</Button>
                  </Link>
                )}
              </div>
            </div>
            {condition && (
              <div className="condition-text">
                <code>{condition}</code>
                <Copy text={condition} />
              </div>
            )}
            <PeopleList people={first.people} />
            {first.total > first.people.length && (
              <p className="muted">{t('drawer.first', { n: format.int(first.people.length) })}</p>
            )}
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
