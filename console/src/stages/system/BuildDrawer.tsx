import { Button } from 'antd';
import { useText } from '@/i18n/text';
import { useBuildPlan, useStartBuild } from '@/api/queries/jobs';
import { useFormats } from '@/i18n/place';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Facts } from '@/ui/Facts/Facts';
import { Freshness } from '@/ui/Freshness/Freshness';
import { Answer, Failure } from '@/ui/StateView/Answer';

interface Props {
  open: boolean;
  onClose(): void;
  onStarted(job: number): void;
}

/** What a build would do; then, on request, the same carried out. */
export function BuildDrawer({ open, onClose, onStarted }: Props) {
  const { t } = useText('jobs');
  const format = useFormats();
  const plan = useBuildPlan(open);
  const start = useStartBuild();
  return (
    <DetailDrawer open={open} title={t('build.title')} onClose={onClose}>
      <Answer of={plan}>
        {(told) => (
          <div className="stack">
            <Facts
              facts={[
                [t('build.number'), format.int(told.build)],
                [t('build.today'), format.date(told.today)],
                [t('build.events'), format.int(told.events)],
                [t('build.fresh'), format.int(told.fresh)],
                [t('build.way'), told.anew ? t('build.anew') : t('build.goOn')],
              ]}
            />
            <pre className="code json">{told.words}</pre>
            {start.error && <Failure error={start.error} />}
            <Button
              type="primary"
              loading={start.isPending}
              onClick={() => start.mutate(false, { onSuccess: ({ job }) => onStarted(job) })}
            >
              {t('build.start')}
            </Button>
            <Freshness call={{ path: '/api/builds/plan' }} command="qianmian build --explain" />
          </div>
        )}
      </Answer>
    </DetailDrawer>
  );
}
