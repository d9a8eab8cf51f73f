import { Tooltip } from 'antd';
import { Link } from 'react-router';
import type { MetricMeaning } from '@/api/shapes';
import { useText } from '@/i18n/text';
import './metric.css';

/** The name of a number: what it means and how it is worked out, and the way to its page. */
export function MetricName({ metric }: { metric: MetricMeaning }) {
  const { t } = useText();
  const meaning = (
    <div>
      <p className="metric-line">{metric.meaning}</p>
      <p className="metric-line">{t('metric.formula', { formula: metric.formula })}</p>
      {metric.trap && <p className="metric-line">{metric.trap}</p>}
    </div>
  );
  return (
    <Tooltip title={meaning}>
      <Link className="metric-name" to={`/measure/metrics/${metric.name}`}>
        {metric.title}
      </Link>
    </Tooltip>
  );
}
