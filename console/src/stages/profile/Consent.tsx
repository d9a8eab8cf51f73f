import { useConsent } from '@/api/queries/people';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { Answer } from '@/ui/StateView/Answer';
import { When } from '@/ui/Values/Values';

/** What a person agreed to when they last said, and the event that says so. */
export function Consent({ person }: { person: string }) {
  const { t } = useText('people');
  const { word } = useWords();
  const consent = useConsent(person);
  return (
    <Answer of={consent} rows={1}>
      {({ purposes, stated_at: at, event, source }) => (
        <p className="row wrap" role="group" aria-label={t('consent.label')}>
          <span className="muted">{t('consent.label')}</span>
          {at === null ? (
            t('consent.never')
          ) : (
            <>
              <span>{purposes.map((one) => word('purpose', one)).join(' · ') || t('consent.nothing')}</span>
              <span className="muted">
                <When at={at} as="minute" /> {t('consent.from', { event: word('event', event), source })}
              </span>
            </>
          )}
        </p>
      )}
    </Answer>
  );
}
