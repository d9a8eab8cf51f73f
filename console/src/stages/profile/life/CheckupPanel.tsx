import { Link } from 'react-router';
import { useCheckup } from '@/api/queries/tagLife';
import type { TagCheckup } from '@/api/shapes';
import { useLanguage } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { VerdictMark, verdictOf } from './VerdictMark';

type MarkName = 'coverage' | 'freshness' | 'stability' | 'distribution' | 'accuracy' | 'usage' | 'cost' | 'meaning' | 'lawfulness';
const names: readonly string[] = ['coverage', 'freshness', 'stability', 'distribution', 'accuracy', 'usage', 'cost', 'meaning', 'lawfulness'];

export function isMark(name: string): name is MarkName {
  return names.includes(name);
}

/** The nine marks of a tag, with what to do. */
export function CheckupPanel({ tag }: { tag: string }) {
  const { t } = useText('tagLife');
  const checkup = useCheckup(tag, useLanguage());
  return (
    <Panel title={t('checkup.open')} note={t('checkup.note')} actions={<Link to="/profile/checkup">{t('checkup.all')}</Link>}>
      <Answer of={checkup} rows={9}>
        {(told) => <Marks marks={told.marks} />}
      </Answer>
    </Panel>
  );
}

function Marks({ marks }: Pick<TagCheckup, 'marks'>) {
  const { t } = useText('tagLife');
  return (
    <ul className="marks">
      {marks.map(({ name, verdict, value, advice }) => (
        <li key={name} className="mark">
          <span className="mark-name">{isMark(name) ? t(`mark.${name}`) : name}</span>
          <VerdictMark verdict={verdictOf(verdict)}>{t(`verdict.${verdictOf(verdict)}`)}</VerdictMark>
          <span className="mark-words">
            {value}
            {advice && <span className="muted mark-advice">{advice}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
