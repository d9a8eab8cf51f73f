import { Button } from 'antd';
import { useText } from '@/i18n/text';
import { useFormats } from '@/i18n/place';
import './dataTable.css';

interface Props {
  shown: number;
  total: number;
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): unknown };
}

/** How much of a long list is shown, and the way to more. */
export function MoreRows({ shown, total, query }: Props) {
  const { t } = useText();
  const format = useFormats();
  return (
    <div className="table-foot">
      <span className="number" aria-live="polite">
        {t('table.shown', { shown: format.int(shown), total: format.int(total) })}
      </span>
      {query.hasNextPage && (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('table.more')}
        </Button>
      )}
    </div>
  );
}
