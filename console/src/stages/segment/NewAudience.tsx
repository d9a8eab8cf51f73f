import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import { useText } from '@/i18n/text';
import { useSize } from '@/api/queries/audiences';
import { peopleOrders } from '@/api/queries/people';
import { useAudience } from '@/api/queries/savedAudiences';
import { flag, int, oneOf, text, useUrlState } from '@/lib/urlState';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Clauses } from './Clauses';
import { ConditionEditor } from './ConditionEditor';
import { LiveCount } from './LiveCount';
import { Members } from './Members';
import { SaveAudience } from './SaveAudience';
import { Templates } from './Templates';
import { forms, useCondition } from './useCondition';

const schema = {
  condition: text(),
  form: oneOf(forms, 'build'),
  sort: oneOf(peopleOrders, 'last_seen_at'),
  audience: int(0),
  save: flag(),
};

/** Say in words who is meant; see at once how many they are, and who. */
export default function NewAudience() {
  const { t } = useText('audiences');
  const navigate = useNavigate();
  const [{ condition, form, sort, audience, save }, set] = useUrlState(schema);
  const saved = useAudience(audience, { enabled: audience > 0 }).data;
  const edited = useCondition({
    condition,
    form,
    onSettled: (next) => set({ condition: next }, { replace: true }),
    onForm: (next) => set({ form: next }, { replace: true }),
  });
  const { settled, isEmpty: empty, isSound: sound } = edited;
  const size = useSize(settled, { enabled: sound });
  // The address may still be on its way to this condition when something else in it changes.
  const put: typeof set = (change, options) => set({ condition: settled, ...change }, options);

  return (
    <>
      <PageHeader
        above={<Link to="/segment/audiences">{t('title')}</Link>}
        title={saved?.name ?? t('new.title')}
        purpose={t('new.purpose')}
        actions={
          <Button type="primary" disabled={!sound || empty} onClick={() => put({ save: true })}>
            {t(saved ? 'save.change' : 'save.title')}
          </Button>
        }
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
          <ConditionEditor of={edited} form={form} onForm={(next) => put({ form: next }, { replace: true })} />
        </div>
        <div className="span-4 grow">
          <div className="stack">
            <LiveCount size={size} sound={sound} empty={empty} />
            <Clauses condition={settled} enabled={sound && !empty} />
          </div>
        </div>
        <div className="span-12">
          {sound && !empty ? (
            <Members condition={settled} sort={sort} onSort={(by) => put({ sort: by })} />
          ) : (
            <Templates onTake={(template) => set({ condition: template })} />
          )}
        </div>
      </div>
      <SaveAudience
        key={saved?.audience}
        open={save}
        audience={saved}
        condition={settled}
        onClose={(kept) => (kept ? void navigate(`/segment/audiences/${kept.audience}`) : put({ save: false }))}
      />
    </>
  );
}
