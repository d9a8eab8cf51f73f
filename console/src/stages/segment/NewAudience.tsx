import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useText } from '@/i18n/text';
import { useCheck, useSize } from '@/api/queries/audiences';
import { peopleOrders } from '@/api/queries/people';
import { useAudience } from '@/api/queries/savedAudiences';
import { useDebounced } from '@/lib/debounced';
import { flag, int, oneOf, text, useUrlState } from '@/lib/urlState';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { ConditionEditor } from './ConditionEditor';
import { Examples } from './Examples';
import { LiveCount } from './LiveCount';
import { Members } from './Members';
import { SaveAudience } from './SaveAudience';

const PAUSE_MS = 300;
const schema = { condition: text(), sort: oneOf(peopleOrders, 'last_seen_at'), audience: int(0), save: flag() };

/** Say in words who is meant; see at once how many they are, and who. */
export default function NewAudience() {
  const { t } = useText('audiences');
  const navigate = useNavigate();
  const [{ condition, sort, audience, save }, set] = useUrlState(schema);
  const saved = useAudience(audience, { enabled: audience > 0 }).data;
  const [typed, setTyped] = useState(condition);
  const settled = useDebounced(typed, PAUSE_MS);
  const check = useCheck(settled);
  const sound = check.data?.condition != null && !check.isPlaceholderData;
  const size = useSize(settled, { enabled: sound });

  const empty = typed.trim() === '';

  useEffect(() => setTyped(condition), [condition]);
  useEffect(() => {
    if (settled !== condition && settled === typed) set({ condition: settled }, { replace: true });
    // Only what was typed moves the address; the address itself is followed above.
    // eslint-disable-next-line
  }, [settled]);

  return (
    <>
      <PageHeader
        above={<Link to="/segment/audiences">{t('title')}</Link>}
        title={saved?.name ?? t('new.title')}
        purpose={t('new.purpose')}
        actions={
          <Button type="primary" disabled={!sound || empty} onClick={() => set({ save: true })}>
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
      <SaveAudience
        key={saved?.audience}
        open={save}
        audience={saved}
        condition={settled}
        onClose={(kept) => (kept ? void navigate(`/segment/audiences/${kept.audience}`) : set({ save: false }))}
      />
    </>
  );
}
