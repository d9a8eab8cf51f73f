import { Button, Segmented } from 'antd';
import { useMemo, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useDefinitions, useSaveTag } from '@/api/queries/tagDefinitions';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { oneOf, useUrlState } from '@/lib/urlState';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { DraftContext, type Draft } from './draft';
import { EntryText } from './EntryText';
import { asKind, finished, kindOf, withKey } from './entry';
import { KindCards } from './KindCards';
import { KindForm } from './KindForm';
import { NameForm } from './NameForm';
import { Trial } from './Trial';
import { useTried, type Written } from './useTried';
import './editor.css';

const NAME = /^[a-z][a-z0-9_]{0,59}$/;
const schema = { form: oneOf(['fields', 'text'], 'fields') };

interface Props {
  isNew: boolean;
  first: Written;
  title?: string;
}

/** A tag is written in fields or as text, and tried on people while it is. */
export function Editor({ isNew, first, title = first.name }: Props) {
  const { t } = useText('tagEditor');
  const { word } = useWords();
  const navigate = useNavigate();
  const [{ form }, set] = useUrlState(schema);
  const [written, setWritten] = useState(first);
  const [choosing, setChoosing] = useState(kindOf(first.entry) === undefined);
  const [isUnread, setUnread] = useState(false);
  const save = useSaveTag();
  const tried = useTried(written, isNew, save.error);
  const definitions = useDefinitions();
  const { name, entry } = written;
  const kind = kindOf(entry);
  const misnamed = isNew && name !== '' ? nameFault(name) : '';

  function nameFault(typed: string): string {
    if (!NAME.test(typed)) return t('nameNote');
    return (definitions.data ?? []).some(({ tag }) => tag.name === typed) ? t('nameTaken') : '';
  }

  const ready = finished(entry);
  const unnamed = [...(ready.title ? [] : [t('lack.title')]), ...(name ? [] : [t('lack.name')])];
  const canSave = kind !== undefined && unnamed.length === 0 && tried.lacks.length === 0 && !misnamed && !tried.refusal && !tried.isBusy && !isUnread;

  function write(next: Written) {
    save.reset();
    setWritten(next);
  }

  function read(next: Written | null) {
    setUnread(next === null);
    if (next) write(next);
  }

  const draft = useMemo<Draft>(
    () => ({
      name,
      entry,
      put: (key, value) => write({ name, entry: withKey(entry, key, value) }),
      wrongAt: (key) => (key === '' && misnamed ? misnamed : key === tried.fault?.at ? tried.fault.words : undefined),
    }),
    // eslint-disable-next-line
    [written, tried.fault, misnamed],
  );

  return (
    <DraftContext value={draft}>
      <PageHeader
        above={<Link to="/profile/tags">{t('tags')}</Link>}
        title={isNew ? t('new') : t('edit', { title })}
        purpose={t('purpose')}
        actions={
          <>
            {unnamed.length > 0 && !choosing && <span className="muted">{t('lacks', { what: unnamed.join(' · ') })}</span>}
            <Button
              type="primary"
              disabled={!canSave}
              loading={save.isPending}
              onClick={() => save.mutate({ name, entry: ready }, { onSuccess: () => void navigate(`/profile/tags/${name}`) })}
            >
              {t('save')}
            </Button>
          </>
        }
      />
      {choosing ? (
        <KindCards
          chosen={kind}
          onChoose={(next) => {
            write({ name, entry: asKind(entry, next) });
            setChoosing(false);
          }}
        />
      ) : (
        <div className="grid">
          <div className="stack span-8">
            <Panel
              title={kind ? word('kind', kind) : t('chooseKind')}
              note={kind && t(`means.${kind}`)}
              actions={
                <>
                  <Button size="small" onClick={() => setChoosing(true)}>
                    {t('otherKind')}
                  </Button>
                  <Segmented
                    size="small"
                    aria-label={t('form.label')}
                    value={form}
                    onChange={(next) => set({ form: next }, { replace: true })}
                    options={(['fields', 'text'] as const).map((value) => ({ value, label: t(`form.${value}`), disabled: value === 'fields' && isUnread }))}
                  />
                </>
              }
            >
              {form === 'text' ? (
                <EntryText written={written} isNew={isNew} onRead={read} />
              ) : (
                <div className="tag-form">{kind && <KindForm kind={kind} />}</div>
              )}
            </Panel>
            {form === 'fields' && (
              <Panel title={t('named')}>
                <div className="tag-form">
                  <NameForm isNew={isNew} onName={(next) => write({ name: next, entry })} />
                </div>
              </Panel>
            )}
          </div>
          <div className="span-4">
            <Trial of={tried} />
          </div>
        </div>
      )}
    </DraftContext>
  );
}
