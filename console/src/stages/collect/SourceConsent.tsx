import { useSourceConsent } from '@/api/queries/sources';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { Facts } from '@/ui/Facts/Facts';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';

/** What the events of a source stated of consent, as purposes; a category without a meaning says so. */
export function SourceConsent({ source }: { source: string }) {
  const { t } = useText('sources');
  const { word } = useWords();
  const format = useFormats();
  const consent = useSourceConsent(source);
  return (
    <Panel title={t('consent.title')} note={t('consent.note')}>
      <Answer of={consent} rows={2}>
        {({ stated }) =>
          stated.length === 0 ? (
            <p className="muted">{t('consent.none')}</p>
          ) : (
            <>
              <Facts
                facts={stated.map((one) => [
                  one.purpose === 'none' ? t('consent.nothing') : word('purpose', one.purpose),
                  <span key={one.purpose}>
                    {format.int(one.events)} {!one.known && <span className="muted">{t('consent.unknown')}</span>}
                  </span>,
                ])}
              />
              {stated.some((one) => !one.known) && (
                <p className="muted">
                  {t('consent.declare')} <code>{`qianmian source consent ${source} --category …=marketing`}</code>
                </p>
              )}
            </>
          )
        }
      </Answer>
    </Panel>
  );
}
