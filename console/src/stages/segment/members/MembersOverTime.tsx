import { Tag } from 'antd';
import { useChanges } from '@/api/queries/members';
import type { AudienceChanges, SavedAudience } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { When } from '@/ui/Values/Values';
import { BuildsTable } from './BuildsTable';
import { Freeze } from './Freeze';
import { MembersChart } from './MembersChart';
import './members.css';

/** Whose people a saved audience holds, how many they were after each build, and who came and went, and why. */
export function MembersOverTime({ audience }: { audience: SavedAudience }) {
  const { t } = useText('members');
  const changes = useChanges(audience);
  return (
    <Panel
      className="span-12"
      title={t('title')}
      note={<Kind audience={audience} />}
      actions={audience.kind === 'dynamic' && !audience.deleted_at && <Freeze audience={audience.audience} />}
    >
      <Answer of={changes} rows={8}>
        {(told) => <Told told={told} />}
      </Answer>
    </Panel>
  );
}

function Kind({ audience }: { audience: SavedAudience }) {
  const { t } = useText('members');
  return (
    <>
      <Tag color={audience.kind === 'fixed' ? 'gold' : 'blue'}>{t(`kind.${audience.kind}`)}</Tag>
      {t(`kindNote.${audience.kind}`, { build: audience.frozen_in ?? '' })}
    </>
  );
}

function Told({ told }: { told: AudienceChanges }) {
  const { t } = useText('members');
  return (
    <div className="stack">
      {told.failed && <StateView case="stale" words={t('failed', { why: told.failed })} />}
      {!told.failed && told.last_build && !told.is_current && <StateView case="stale" words={t('outdated')} />}
      {told.builds.length === 0 ? (
        <StateView
          case="new"
          title={t('none')}
          words={t('noneDynamic')}
          action={<LinkButton to="/system/jobs">{t('run')}</LinkButton>}
        />
      ) : (
        <>
          <p className="muted members-counted">
            {t('counted')} <When at={told.counted_at} as="minute" />
            {told.last_build !== null && ` · ${t('buildOf', { n: told.last_build })}`}
          </p>
          <MembersChart audience={told.audience.audience} builds={told.builds} />
          <BuildsTable builds={told.builds} />
        </>
      )}
    </div>
  );
}
