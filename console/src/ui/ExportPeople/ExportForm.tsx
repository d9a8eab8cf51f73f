import { Button, Select } from 'antd';
import { useState } from 'react';
import { usePeopleFile } from '@/api/queries/people';
import type { PeopleFormat } from '@/api/shapes';
import { usePurposes } from '@/api/queries/purposes';
import { useFormats, useLanguage } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { Answer, Failure } from '@/ui/StateView/Answer';
import type { Exported } from './ExportPeople';
import './exportPeople.css';

const KINDS: PeopleFormat[] = ['csv', 'xlsx', 'parquet'];

/** A list of people as a file: for which purpose, how many, and what does not stand in it. */
export default function ExportForm({ condition, people, sort }: Exported) {
  const { t } = useText('people');
  const format = useFormats();
  const language = useLanguage();
  const { word } = useWords();
  const purposes = usePurposes();
  const file = usePeopleFile();
  const [chosen, setChosen] = useState('analyse');
  const [kind, setKind] = useState<PeopleFormat>('csv');
  return (
    <section className="export" aria-label={t('export.title')}>
      <p>{t('export.words', { count: people, n: format.int(people) })}</p>
      <Answer of={purposes} rows={1}>
        {(known) => (
          <div className="row wrap">
            <label className="row">
              <span className="muted">{t('export.purpose')}</span>
              <Select
                aria-label={t('export.purpose')}
                value={chosen}
                popupMatchSelectWidth={false}
                onChange={setChosen}
                options={known.map(({ name, basis }) => ({ value: name, label: `${word('purpose', name)} · ${word('basis', basis)}` }))}
              />
            </label>
            <label className="row">
              <span className="muted">{t('export.format')}</span>
              <Select
                aria-label={t('export.format')}
                value={kind}
                popupMatchSelectWidth={false}
                onChange={setKind}
                options={KINDS.map((value) => ({ value, label: t(`export.kind.${value}`) }))}
              />
            </label>
            <Button
              type="primary"
              loading={file.isPending}
              onClick={() => file.mutate({ ...(condition && { condition }), sort, language, purpose: chosen, format: kind })}
            >
              {t('export.start')}
            </Button>
          </div>
        )}
      </Answer>
      <div aria-live="polite">
        {file.data && <p>{t('export.done', { rows: format.int(file.data.rows), people: format.int(file.data.people) })}</p>}
        {file.error && <Failure error={file.error} />}
      </div>
    </section>
  );
}
