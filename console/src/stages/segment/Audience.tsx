import { Button } from 'antd';
import { Link, useNavigate, useParams } from 'react-router';
import { peopleOrders } from '@/api/queries/people';
import { useAudience, useDelete, useRecount } from '@/api/queries/savedAudiences';
import type { SavedAudience } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { flag, oneOf, useUrlState } from '@/lib/urlState';
import { ExportPeople } from '@/ui/ExportPeople/ExportPeople';
import { Freshness } from '@/ui/Freshness/Freshness';
import { Insight } from '@/ui/Insight/Insight';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { When } from '@/ui/Values/Values';
import { Answer, Failure } from '@/ui/StateView/Answer';
import { AudienceFacts } from './AudienceFacts';
import { LiveCount } from './LiveCount';
import { Members } from './Members';
import { MembersOverTime } from './members/MembersOverTime';
import { SaveAudience } from './SaveAudience';
import { Undo } from './Undo';

const schema = { sort: oneOf(peopleOrders, 'last_seen_at'), save: flag(), export: flag() };

/** One saved audience: what it means, how many it counts now, what sets its people apart, and who they are. */
export default function Audience() {
  const { t } = useText('audiences');
  const number = Number(useParams().audience);
  const saved = useAudience(number);
  const recounted = useRecount(number, saved.data?.condition);
  const [{ save }, set] = useUrlState(schema);
  return (
    <>
      <PageHeader
        above={<Link to="/segment/audiences">{t('title')}</Link>}
        title={saved.data?.name ?? t('one', { n: number })}
        actions={saved.data && <Actions audience={saved.data} />}
        freshness={
          <Freshness call={{ method: 'POST', path: `/api/audiences/${number}/size` }} command={`qianmian audience show ${number}`} />
        }
      />
      <Answer of={saved} rows={10}>
        {(one) => <Content audience={recounted.data ?? one} counted={recounted} />}
      </Answer>
      {saved.data && (
        <SaveAudience open={save} audience={saved.data} condition={saved.data.condition} onClose={() => set({ save: false })} />
      )}
    </>
  );
}

function Content({ audience, counted }: { audience: SavedAudience; counted: ReturnType<typeof useRecount> }) {
  const { t } = useText('audiences', 'people');
  const [{ sort, export: exporting }, set] = useUrlState(schema);
  const size = { ...counted, data: counted.data && { ...counted.data, size: counted.data.people } };
  return (
    <div className="grid">
      {audience.deleted_at && (
        <div className="span-12">
          <Undo audience={audience.audience} onDone={() => undefined} />
        </div>
      )}
      {exporting && (
        <div className="span-12">
          <ExportPeople condition={audience.lists} people={audience.people} sort={sort} />
        </div>
      )}
      <Panel className="span-5" title={t('definition')}>
        <AudienceFacts audience={audience} />
      </Panel>
      <div className="span-3 grow">
        <LiveCount
          size={size}
          sound
          empty={false}
          note={
            <>
              {t('column.asOf')} <When at={audience.computed_at} as="minute" />
            </>
          }
        />
      </div>
      <Panel className="span-4" title={t('people:insight.title')}>
        <Insight condition={audience.lists} />
      </Panel>
      <MembersOverTime audience={audience} />
      <div className="span-12">
        <Members condition={audience.lists} sort={sort} onSort={(by) => set({ sort: by })} />
      </div>
    </div>
  );
}

function Actions({ audience }: { audience: SavedAudience }) {
  const { t } = useText('audiences', 'people');
  const navigate = useNavigate();
  const remove = useDelete();
  const [state, set] = useUrlState(schema);
  const { audience: number, condition, lists } = audience;
  return (
    <>
      {audience.kind === 'dynamic' && (
        <LinkButton type="primary" to={`/segment/audiences/new?${new URLSearchParams({ audience: String(number), condition })}`}>
          {t('editCondition')}
        </LinkButton>
      )}
      <Button onClick={() => set({ save: true })}>{t('edit')}</Button>
      <LinkButton to={`/segment/compare?${new URLSearchParams({ first: lists })}`}>{t('compare.open')}</LinkButton>
      {!audience.deleted_at && (
        <LinkButton to={`/act/campaigns?${new URLSearchParams({ make: '1', condition: lists })}`}>{t('act')}</LinkButton>
      )}
      <Button aria-expanded={state.export} onClick={() => set({ export: !state.export })}>
        {t('people:export.title')}
      </Button>
      {!audience.deleted_at && (
        <Button
          loading={remove.isPending}
          onClick={() => remove.mutate(number, { onSuccess: () => void navigate(`/segment/audiences?deleted=${number}`) })}
        >
          {t('delete')}
        </Button>
      )}
      {remove.error && <Failure error={remove.error} />}
    </>
  );
}
