import { Segmented } from 'antd';
import { useState } from 'react';
import { useTemplates } from '@/api/queries/audiences';
import type { AudienceTemplate } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';

const goals = ['all', 'keep', 'repeat', 'convert', 'win_back', 'target', 'spread'] as const;

/** Ready audiences to begin with, each with what it is for and how many people it holds now. */
export function Templates({ onTake }: { onTake(condition: string): void }) {
  const { t } = useText('audiences');
  const [goal, setGoal] = useState<(typeof goals)[number]>('all');
  const templates = useTemplates();
  return (
    <Panel
      title={t('templates.title')}
      note={t('templates.note')}
      actions={
        <Segmented
          size="small"
          value={goal}
          onChange={setGoal}
          options={goals.map((value) => ({ value, label: t(`templates.goal.${value}`) }))}
        />
      }
    >
      <Answer of={templates} rows={8}>
        {(told) => (
          <ul className="templates">
            {told.templates
              .filter((one) => goal === 'all' || one.goal === goal)
              .map((one) => (
                <li key={one.name}>
                  <Template of={one} all={told.of_people} onTake={onTake} />
                </li>
              ))}
          </ul>
        )}
      </Answer>
    </Panel>
  );
}

function Template({ of, all, onTake }: { of: AudienceTemplate; all: number; onTake(condition: string): void }) {
  const { t } = useText('audiences');
  const format = useFormats();
  return (
    <button type="button" className="plain-button template" onClick={() => onTake(of.condition)}>
      <span className="template-head">
        <strong>{of.title}</strong>
        <span className="number">
          {of.people === null ? t('templates.unknown') : `${format.int(of.people)} · ${format.share(of.people, all)}`}
        </span>
      </span>
      <span className="muted">{of.use}</span>
      <code>{of.condition}</code>
    </button>
  );
}
