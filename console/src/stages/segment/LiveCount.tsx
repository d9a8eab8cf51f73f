import type { ReactNode } from 'react';
import { useText } from '@/i18n/text';
import type { AudienceSize } from '@/api/shapes';
import { useCalm } from '@/lib/calm';
import { CoverageBar } from '@/ui/CoverageBar/CoverageBar';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Failure, type Asked } from '@/ui/StateView/Answer';
import { useFormats } from '@/i18n/place';
import { NONE } from '@/lib/format';
import './liveCount.css';

// Whoever hears the page is told a number that stands, not every one on the way.
const TOLD_EVERY_MS = 2000;

interface Props {
  size: Asked<Pick<AudienceSize, 'size' | 'of_people' | 'condition'>> & { isFetching: boolean };
  sound: boolean;
  empty: boolean;
  /** Told instead of the canonical text, where that stands elsewhere. */
  note?: ReactNode;
}

/** How many people meet the condition, while it is written. */
export function LiveCount({ size, sound, empty, note }: Props) {
  const { t } = useText('audiences', 'people');
  const format = useFormats();
  const told = sound && !empty ? size.data : undefined;
  const heard = useCalm(told && !size.isFetching ? t('people:count', { count: told.size, n: format.int(told.size) }) : '', TOLD_EVERY_MS);
  if (size.error && sound) return <Failure error={size.error} onRetry={() => void size.refetch()} />;
  return (
    <Panel title={t('count')} note={size.isFetching ? t('counting') : undefined}>
      <span className="visually-hidden" role="status">
        {heard}
      </span>
      <div className={size.isFetching ? 'dimmed' : undefined}>
        <div className="count-number number">
          {told ? <PeopleCount people={told.size} condition={told.condition} label={t('count')} /> : NONE}
        </div>
        {told ? (
          <>
            <CoverageBar part={told.size} all={told.of_people} />
            <p className="muted">{t('ofPeople', { n: format.int(told.of_people) })}</p>
            <p className="muted canonical">
              {note ?? (
                <>
                  {t('canonical')} <code>{told.condition}</code>
                </>
              )}
            </p>
          </>
        ) : (
          <p className="muted">{empty ? t('nothingYet') : t('notSound')}</p>
        )}
      </div>
    </Panel>
  );
}
