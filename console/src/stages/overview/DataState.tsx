import { useText } from '@/i18n/text';
import { Link } from 'react-router';
import type { Overview } from '@/api/shapes';
import { Panel } from '@/ui/Panel/Panel';
import { When } from '@/ui/Values/Values';
import { LeftOut } from './LeftOut';
import { QualityState } from './QualityState';
import './dataState.css';

/** How far the data reach. */
export function DataState({ overview, className }: { overview: Overview; className: string }) {
  const { t } = useText('overview');
  const { last_event_at, last_import, unbuilt_batches } = overview.freshness;
  return (
    <Panel title={t('data.title')} className={className}>
      <dl className="data-state">
        <dt>{t('data.lastEvent')}</dt>
        <dd>
          <When at={last_event_at} as="minute" />
        </dd>
        <dt>{t('data.lastImport')}</dt>
        <dd>
          {last_import ? (
            <>
              <Link to={`/collect/imports/${last_import.batch}`} title={last_import.file}>
                {last_import.source} / {last_import.file}
              </Link>
              <div className="muted">
                <When at={last_import.done_at} />
              </div>
            </>
          ) : (
            t('data.noImport')
          )}
        </dd>
        <dt>{t('data.waiting')}</dt>
        <dd>{unbuilt_batches === 0 ? t('data.noneWaiting') : t('data.someWaiting', { count: unbuilt_batches })}</dd>
        <LeftOut reasons={overview.left_out} />
        <QualityState />
      </dl>
    </Panel>
  );
}
