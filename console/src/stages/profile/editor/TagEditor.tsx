import { useParams, useSearchParams } from 'react-router';
import { useDefinition } from '@/api/queries/tagDefinitions';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Editor } from './Editor';
import { asKind, kinds } from './entry';

/** A tag of the shop's own: made, or changed. */
export default function TagEditor() {
  const { tag } = useParams();
  const [params] = useSearchParams();
  const kind = kinds.find((one) => one === params.get('kind'));
  if (tag) return <Change key={tag} name={tag} />;
  return <Editor isNew first={{ name: '', entry: kind ? asKind({}, kind) : {} }} />;
}

function Change({ name }: { name: string }) {
  const { t } = useText('tagEditor');
  const { title } = useWords();
  const definition = useDefinition(name);
  return (
    <Answer of={definition} rows={12}>
      {({ tag, entry }) =>
        entry ? (
          <Editor isNew={false} first={{ name, entry }} title={title(tag)} />
        ) : (
          <StateView
            case="new"
            title={t('builtIn')}
            words={t('builtInWords')}
            action={<LinkButton to="/profile/tags/new">{t('new')}</LinkButton>}
          />
        )
      }
    </Answer>
  );
}
