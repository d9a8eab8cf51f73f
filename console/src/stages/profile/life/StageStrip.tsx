import { usePersonTag } from '@/api/queries/tagLife';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import './life.css';

/** The stages of a person's life cycle, as the builds told them; nothing where none is kept yet. */
export function StageStrip({ person }: { person: string }) {
  const { t } = useText('tagLife');
  const format = useFormats();
  const { word } = useWords();
  const { data } = usePersonTag('lifecycle', `person:${person}`);
  if (!data || data.stays.length === 0) return null;
  return (
    <section className="strip" aria-label={t('strip.title')}>
      <span className="strip-title muted" title={t('strip.note')}>
        {t('strip.title')}
      </span>
      <ol className="strip-stays">
        {data.stays.map(({ value, since, until }) => (
          <li key={since} className="strip-stay" data-now={until === null}>
            {value === null ? t('strip.nothing') : word('value', value)} <span className="muted number">{t('strip.since', { date: format.date(format.localDate(new Date(since))) })}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
