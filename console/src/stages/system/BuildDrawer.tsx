import { Button } from 'antd';
import { useText } from '@/i18n/text';
import { useBuildPlan, useStartBuild } from '@/api/queries/jobs';
import { useFormats } from '@/i18n/place';
import { useWords } from '@/i18n/words';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Facts } from '@/ui/Facts/Facts';
import { Freshness } from '@/ui/Freshness/Freshness';
import { Answer, Failure } from '@/ui/StateView/Answer';
import './buildDrawer.css';

const steps = ['publish', 'settle', 'fold', 'tags', 'profiles', 'release'];

interface Props {
  open: boolean;
  onClose(): void;
  onStarted(job: number): void;
}

/** What a build would do; then, on request, the same carried out. */
export function BuildDrawer({ open, onClose, onStarted }: Props) {
  const { t } = useText('jobs');
  const format = useFormats();
  const { word } = useWords();
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
                [t('frame:freshness.snapshot'), <code key="snapshot">{told.snapshot}</code>],
              ]}
            />
            <h3>{t('steps')}</h3>
            <ol className="build-steps">
              {steps.map((step) => (
                <li key={step}>{word('stage', step)}</li>
              ))}
            </ol>
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
