import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useText } from '@/i18n/text';
import { useDraftTag } from './draft';
import type { Layer } from './entry';
import { CodeBox } from './TextField';

interface Props {
  at: number;
  of: number;
  layer: Layer;
  onChange(next: Partial<Layer>): void;
  onMove(by: -1 | 1): void;
  onRemove(): void;
}

/** One layer: the value, the condition under which it holds, and its place among the others. */
export function LayerRow({ at, of, layer, onChange, onMove, onRemove }: Props) {
  const { t } = useText('tagEditor');
  const { wrongAt } = useDraftTag();
  const n = at + 1;
  const wrong = (['', '.value', '.when'] as const).map((end) => wrongAt(`layers.${at}${end}`)).find(Boolean);
  return (
    <li className="tag-layer" data-at={`layers.${at}`}>
      <span className="muted number">{n}</span>
      <Input
        className="tag-layer-value"
        aria-label={t('layerValue', { n })}
        placeholder={t('layerValueExample')}
        value={layer.value}
        onChange={({ target }) => onChange({ value: target.value })}
      />
      <CodeBox label={t('layerWhen', { n })} placeholder="orders_90d >= 2 and net_90d >= 500" value={layer.when} onChange={(when) => onChange({ when })} />
      <span className="row tag-layer-tools">
        <Button type="text" icon={<ArrowUpOutlined />} aria-label={t('layerUp', { n })} disabled={at === 0} onClick={() => onMove(-1)} />
        <Button type="text" icon={<ArrowDownOutlined />} aria-label={t('layerDown', { n })} disabled={n === of} onClick={() => onMove(1)} />
        <Button type="text" icon={<DeleteOutlined />} aria-label={t('layerRemove', { n })} disabled={of === 1} onClick={onRemove} />
      </span>
      {wrong && (
        <p role="alert" className="tag-field-wrong">
          {wrong}
        </p>
      )}
    </li>
  );
}
