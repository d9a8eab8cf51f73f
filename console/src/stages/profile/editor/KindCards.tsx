import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { Panel } from '@/ui/Panel/Panel';
import { kinds, type Kind } from './entry';

/** What kinds of tag there are, each in a line and with an example. */
export function KindCards({ chosen, onChoose }: { chosen?: Kind; onChoose(kind: Kind): void }) {
  const { t } = useText('tagEditor');
  const { word } = useWords();
  return (
    <Panel title={t('chooseKind')} note={t('chooseKindNote')}>
      <div className="tag-kinds">
        {kinds.map((kind) => (
          <button key={kind} type="button" className="plain-button tag-kind" aria-pressed={kind === chosen} onClick={() => onChoose(kind)}>
            <span className="tag-kind-name">{word('kind', kind)}</span>
            <span>{t(`means.${kind}`)}</span>
            <span className="muted">{t('example', { example: t(`examples.${kind}`) })}</span>
          </button>
        ))}
      </div>
    </Panel>
  );
}
