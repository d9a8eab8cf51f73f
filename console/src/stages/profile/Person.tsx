import { Tabs } from 'antd';
import { useText } from '@/i18n/text';
import { Link, useParams } from 'react-router';
import { useProfile } from '@/api/queries/people';
import { useTags } from '@/api/queries/tags';
import { useFormats } from '@/i18n/place';
import { flag, oneOf, text, useUrlState } from '@/lib/urlState';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { Consent } from './Consent';
import { Identity } from './identity/Identity';
import { PersonJourney } from './journey/PersonJourney';
import { StageStrip } from './life/StageStrip';
import { Orders } from './Orders';
import { PersonHead } from './PersonHead';
import { Recent } from './Recent';
import { TagWall } from './TagWall';
import { Ties } from './ties/Ties';
import { Traits } from './traits/Traits';
import { Timeline } from './Timeline';
import { Why } from './Why';

const schema = { tab: oneOf(['timeline', 'orders'], 'timeline'), why: text(), identity: flag(), split: flag(), ties: flag(), trait: text() };

/** One person: who, what is said of them and why, what they did. */
export default function Person() {
  const { t } = useText('people');
  const { person = '' } = useParams();
  const [{ tab, why, identity, split, ties, trait }, set] = useUrlState(schema);
  const name = person.includes(':') ? person : `person:${person}`;
  const profile = useProfile(name);
  const tags = useTags();
  const format = useFormats();

  return (
    <>
      <PageHeader
        above={<Link to="/profile/people">{t('title')}</Link>}
        title={t('person.title', { person: profile.data?.person ?? person })}
        freshness={
          <Freshness
            computed={profile.data?.computed}
            call={{ path: `/api/profiles/${name}` }}
            command={`qianmian profile show ${name}`}
          />
        }
      />
      <Answer of={profile} rows={14}>
        {(told) => (
          <div className="stack">
            <PersonHead profile={told} tags={tags.data ?? []} onIdentity={() => set({ identity: true })} onTies={() => set({ ties: true })} />
            <StageStrip person={told.person} />
            <PersonJourney person={told.person} />
            <Consent person={told.person} />
            <Traits person={told.person} opened={trait} onOpen={(name) => set({ trait: name })} />
            <div className="grid">
              <TagWall className="span-7" profile={told} tags={tags.data ?? []} onWhy={(tag) => set({ why: tag })} />
              <Panel className="span-5" flush>
                <Tabs
                  className="person-tabs"
                  activeKey={tab}
                  onChange={(key) => set({ tab: key === 'orders' ? 'orders' : 'timeline' })}
                  items={[
                    {
                      key: 'timeline',
                      label: t('timeline.title'),
                      children: (
                        <>
                          <Recent person={told.person} build={told.computed.build} />
                          <Timeline person={told.person} />
                        </>
                      ),
                    },
                    {
                      key: 'orders',
                      label: t('orders.title', { n: format.int(ordersOf(told.tags)) }),
                      children: <Orders person={told.person} />,
                    },
                  ]}
                />
              </Panel>
            </div>
            <Identity person={told.person} open={identity} splits={split} onClose={() => set({ identity: false, split: false })} />
            <Ties person={told.person} open={ties} onClose={() => set({ ties: false })} />
            <Why profile={told} tags={tags.data ?? []} name={why} onClose={() => set({ why: '' })} />
          </div>
        )}
      </Answer>
    </>
  );
}

function ordersOf(tags: readonly { name: string; value: unknown }[]): number {
  return Number(tags.find(({ name }) => name === 'orders_total')?.value ?? 0);
}
