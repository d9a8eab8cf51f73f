import { Button, Input } from 'antd';
import { useText } from '@/i18n/text';
import './peopleSearch.css';

interface Props {
  name: string;
  condition: string;
  onFind(name: string): void;
}

/** One box for every name: an identifier, a user id or the id of a person. */
export function PeopleSearch({ name, condition, onFind }: Props) {
  const { t } = useText('people');
  return (
    <>
      <Input.Search
        className="search-box"
        allowClear
        data-filter
        defaultValue={name}
        maxLength={300}
        placeholder={t('search.placeholder')}
        aria-label={t('search.label')}
        enterButton={t('search.submit')}
        onSearch={(value, event) => {
          const typing = event && 'isComposing' in event.nativeEvent && event.nativeEvent.isComposing;
          if (!typing) onFind(value.trim());
        }}
      />
      {condition && (
        <span className="row people-met">
          <span className="muted">{t('search.met')}</span>
          <code className="ellipsis" title={condition}>
            {condition}
          </code>
          <Button type="link" onClick={() => onFind('')}>
            {t('states:filtered.clear')}
          </Button>
        </span>
      )}
    </>
  );
}
