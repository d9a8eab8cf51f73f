import { useText } from '@/i18n/text';
import type { AudienceSize } from '@/api/shapes';
import { CoverageBar } from '@/ui/CoverageBar/CoverageBar';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Failure, type Asked } from '@/ui/StateView/Answer';
import { useFormats } from '@/i18n/place';
import { NONE } from '@/lib/format';

interface Props {
  size: Asked<AudienceSize> & { isFetching: boolean };
  sound: boolean;
  empty: boolean;
}

/** How many people meet the condition, while it is written. */
export function LiveCount({ size, sound, empty }: Props) {
  const { t } = useText('audiences');
  const format = useFormats();
  if (size.error && sound) return <Failure error={size.error} onRetry={() => void size.refetch()} />;
  const told = sound && !empty ? size.data : undefined;
  return (
    <Panel title={t('count')} note={size.isFetching ? t('counting') : undefined}>
      <div aria-live="polite" className={size.isFetching ? 'dimmed' : undefined}>
        <div className="count-number number">
          {told ? <PeopleCount people={told.size} condition={told.condition} label={t('count')} /> : NONE}
        </div>
        {told ? (
          <>
            <CoverageBar part={told.size} all={told.of_people} />
            <p className="muted">{t('ofPeople', { n: format.int(told.of_people) })}</p>
            <p className="muted canonical">
              {t('canonical')} <code>{told.condition}</code>
            </p>
          </>
        ) : (
          <p className="muted">{empty ? t('nothingYet') : t('notSound')}</p>
        )}
      </div>
    </Panel>
  );
}
