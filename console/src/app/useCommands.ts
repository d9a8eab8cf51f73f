import { useMemo } from 'react';
import { useText } from '@/i18n/text';
import { useNavigate } from 'react-router';
import { useSignOut } from '@/api/queries/session';
import { useAudiences } from '@/api/queries/savedAudiences';
import { useTags } from '@/api/queries/tags';
import { languages, speak } from '@/i18n';
import { useWords } from '@/i18n/words';
import { pinyinInitials } from '@/lib/pinyin';
import type { Language } from '@/lib/format';
import { useAppearance } from '@/theme/appearance';
import { open } from './doors';
import { pages } from './stages';

export interface Command {
  key: string;
  title: string;
  group: string;
  /** Further words under which it is found. */
  also?: string;
  run(): void;
}

const MOST = 13;

interface Found {
  commands: Command[];
  /** Whether tags or audiences are still on their way, so that a better one may come. */
  isLoading: boolean;
}

/** What fits the typed words, best known first. */
export function useCommands(typed: string): Found {
  const { t } = useText();
  const navigate = useNavigate();
  const { mode, choose } = useAppearance();
  const signOut = useSignOut();
  const tags = useTags();
  const audiences = useAudiences();
  const { title } = useWords();

  const commands = useMemo((): Command[] => {
    const actions = t('palette.actions');
    return [
      ...pages.map(({ key, path }) => ({
        key: `page-${key}`,
        title: t(`nav:page.${key}`),
        group: t('palette.pages'),
        also: `${key} ${path}`,
        run: () => void navigate(path),
      })),
      { key: 'import', title: t('palette.import'), group: actions, also: 'import upload', run: () => void navigate('/collect/imports/new') },
      { key: 'keys', title: t('keys.title'), group: actions, also: 'keyboard shortcuts keys', run: () => open('keys') },
      ...Object.entries(languages).map(([code, name]) => ({
        key: `language-${code}`,
        title: name,
        group: t('language'),
        also: `language ${code}`,
        run: () => void speak(code as Language),
      })),
      {
        key: 'theme',
        title: t(mode === 'dark' ? 'theme.light' : 'theme.dark'),
        group: t('theme.label'),
        also: 'theme dark light',
        run: () => choose(mode === 'dark' ? 'light' : 'dark'),
      },
      { key: 'sign-out', title: t('account.signOut'), group: actions, also: 'sign out', run: () => signOut.mutate({ everywhere: false }) },
      ...(tags.data ?? []).map((tag) => ({
        key: `tag-${tag.name}`,
        title: title(tag),
        group: t('nav:page.tags'),
        also: `${tag.name} ${tag.zh} ${tag.en} ${pinyinInitials(tag.zh)}`,
        run: () => void navigate(`/profile/tags/${tag.name}`),
      })),
      ...(audiences.data ?? []).map((one) => ({
        key: `audience-${one.audience}`,
        title: one.name,
        group: t('nav:page.audiences'),
        also: pinyinInitials(one.name),
        run: () => void navigate(`/segment/audiences/${one.audience}`),
      })),
    ];
  }, [t, navigate, mode, choose, signOut, tags.data, audiences.data, title]);

  const isLoading = tags.isLoading || audiences.isLoading;
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return { commands: commands.slice(0, MOST), isLoading };
  const fitting = commands.filter((one) => `${one.title} ${one.also ?? ''}`.toLowerCase().includes(wanted));
  const person: Command = {
    key: 'person',
    title: t('palette.person', { name: typed.trim() }),
    group: t('nav:page.people'),
    run: () => void navigate(`/profile/people?${new URLSearchParams({ name: typed.trim() })}`),
  };
  return { commands: [...fitting.slice(0, MOST - 1), person], isLoading };
}
