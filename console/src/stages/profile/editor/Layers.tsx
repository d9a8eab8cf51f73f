import { Button, Input } from 'antd';
import type { TagEntry } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useDraftTag } from './draft';
import { layersOf, textOf, type Layer } from './entry';
import { Field } from './Field';
import { LayerRow } from './LayerRow';

const MOST_LAYERS = 30;

/** Values with their conditions, tried from above: the first that holds is the value. */
export function Layers() {
  const { t } = useText('tagEditor');
  const { entry, put } = useDraftTag();
  const layers = layersOf(entry);
  // What a layer has beside value and condition stays: the server tells that it does not belong there.
  const raw = (Array.isArray(entry.layers) ? entry.layers : []) as TagEntry[];

  function change(at: number, next: Partial<Layer>) {
    put('layers', raw.map((layer, other) => (other === at ? { ...layer, ...next } : layer)));
  }
  function move(at: number, to: number) {
    const [moved, ...rest] = [raw[at], ...raw.filter((_, other) => other !== at)];
    put('layers', rest.toSpliced(to, 0, moved ?? {}));
  }

  return (
    <>
      <Field at="layers" label={t('layers')} note={t('layersNote')}>
        <ol className="tag-layers" aria-label={t('layers')}>
          {layers.map((layer, at) => (
            <LayerRow
              key={at}
              at={at}
              of={layers.length}
              layer={layer}
              onChange={(next) => change(at, next)}
              onMove={(by) => move(at, at + by)}
              onRemove={() => put('layers', raw.filter((_, other) => other !== at))}
            />
          ))}
        </ol>
        <Button disabled={layers.length >= MOST_LAYERS} onClick={() => put('layers', [...raw, { value: '', when: '' }])}>
          {t('addLayer')}
        </Button>
      </Field>
      <div className="tag-pair">
        <Field at="otherwise" label={t('otherwise')} note={t('otherwiseNote')}>
          <Input
            aria-label={t('otherwise')}
            placeholder={t('layerValueExample')}
            value={textOf(entry, 'otherwise')}
            onChange={({ target }) => put('otherwise', target.value)}
          />
        </Field>
      </div>
    </>
  );
}
