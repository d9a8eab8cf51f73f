import { Select } from 'antd';
import { useDefinitions } from '@/api/queries/tagDefinitions';
import { useWords } from '@/i18n/words';
import { isFound } from '@/lib/pinyin';
import { useDraftTag } from './draft';

interface Props {
  label: string;
  value: string;
  /** Types of tags that can be chosen; empty = any. */
  types?: readonly string[];
  className?: string;
  onChange(name: string): void;
}

/** A tag, found by its name, its title or pinyin. */
export function TagSelect({ label, value, types = [], className, onChange }: Props) {
  const { name: own } = useDraftTag();
  const { title } = useWords();
  const { data } = useDefinitions();
  const tags = (data ?? []).map(({ tag }) => tag).filter(({ name, type }) => name !== own && (types.length === 0 || types.includes(type)));
  return (
    <Select<string, { value: string; label: string; words: string[] }>
      className={className}
      aria-label={label}
      placeholder={label}
      popupMatchSelectWidth={300}
      showSearch={{ filterOption: (typed, option) => isFound(typed, ...(option?.words ?? [])) }}
      value={value || null}
      onChange={onChange}
      options={tags.map((tag) => ({ value: tag.name, label: title(tag), words: [tag.name, tag.zh, tag.en] }))}
      optionRender={({ data: { value: name, label: titled } }) => (
        <span className="tag-option">
          <span className="ellipsis">{titled}</span> <span className="code muted">{name}</span>
        </span>
      )}
    />
  );
}
