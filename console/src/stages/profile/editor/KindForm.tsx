import { Checkbox, InputNumber, Segmented } from 'antd';
import { useText } from '@/i18n/text';
import { ChoiceField } from './ChoiceField';
import { DaysField } from './DaysField';
import { useDraftTag } from './draft';
import { dimensions, folds, textOf, type Kind } from './entry';
import { Field } from './Field';
import { Layers } from './Layers';
import { RowsFields } from './RowsFields';
import { TagSelect } from './TagSelect';
import { TextField } from './TextField';

/** What a tag of a kind is made of. */
export function KindForm({ kind }: { kind: Kind }) {
  switch (kind) {
    case 'statistic':
      return <Statistic />;
    case 'first_last':
      return <FirstLast />;
    case 'preference':
      return <Preference />;
    case 'rule':
    case 'lifecycle':
      return <Layers />;
    case 'combination':
      return <Combination />;
    case 'ranking':
      return <Ranking />;
    case 'rfm':
      return <Rfm />;
    case 'import':
      return <Import />;
    case 'sql':
      return <Sql />;
  }
}

function useDimensions() {
  const { t } = useText('tagEditor');
  return dimensions.map((value) => ({ value, label: t(`dimension.${value}`) }));
}

function Statistic() {
  const { t } = useText('tagEditor');
  const { entry } = useDraftTag();
  const by = useDimensions();
  return (
    <>
      <div className="tag-pair">
        <ChoiceField at="of" label={t('of')} otherwise="count" options={folds.map((value) => ({ value, label: t(`fold.${value}`) }))} />
        {entry.of === 'distinct' && <ChoiceField at="by" label={t('by')} options={by} />}
      </div>
      <RowsFields />
    </>
  );
}

function FirstLast() {
  const { t } = useText('tagEditor');
  const { entry, put } = useDraftTag();
  const told = [{ value: 'date', label: t('date') }, { value: 'instant', label: t('instant') }, ...useDimensions()];
  return (
    <>
      <div className="tag-pair">
        <Field at="take" label={t('take')}>
          <Segmented<string>
            aria-label={t('take')}
            value={textOf(entry, 'take')}
            onChange={(value) => put('take', value)}
            options={(['first', 'last'] as const).map((value) => ({ value, label: t(`taken.${value}`) }))}
          />
        </Field>
        <ChoiceField at="of" label={t('told')} otherwise="date" options={told} />
      </div>
      <RowsFields />
    </>
  );
}

function Preference() {
  const { t } = useText('tagEditor');
  return (
    <>
      <div className="tag-pair">
        <ChoiceField at="by" label={t('by')} options={useDimensions()} />
        <DaysField at="half_life" label={t('halfLife')} placeholder={t('noHalfLife')} note={t('halfLifeNote')} />
      </div>
      <RowsFields />
    </>
  );
}

function useTypes(types: readonly ('text' | 'number' | 'integer' | 'money' | 'date')[]) {
  const { t } = useText('tagEditor');
  return types.map((value) => ({ value, label: t(`type.${value}`) }));
}

function Combination() {
  const { t } = useText('tagEditor');
  const types = useTypes(['number', 'integer', 'money']);
  return (
    <>
      <TextField withTags at="value" label={t('value')} note={t('valueNote')} placeholder="refunds_90d / orders_90d" />
      <div className="tag-pair">
        <ChoiceField at="type" label={t('typeOf')} otherwise="number" options={types} />
      </div>
    </>
  );
}

function Ranking() {
  const { t } = useText('tagEditor');
  const { entry, put } = useDraftTag();
  const parts = entry.parts;
  return (
    <>
      <div className="tag-pair">
        <Field at="of" label={t('ranked')} note={t('rankedNote')}>
          <TagSelect label={t('ranked')} types={['integer', 'money']} value={textOf(entry, 'of')} onChange={(name) => put('of', name)} />
        </Field>
        <Field at="parts" label={t('parts')} note={t('partsNote')}>
          <InputNumber<number> aria-label={t('parts')} min={2} max={100} precision={0} value={typeof parts === 'number' ? parts : 10} onChange={(value) => put('parts', value ?? undefined)} />
        </Field>
      </div>
      <Field at="falling" label={t('order')}>
        <Checkbox checked={entry.falling === true} onChange={({ target }) => put('falling', target.checked)}>
          {t('falling')}
        </Checkbox>
      </Field>
      <TextField withTags at="among" label={t('among')} note={t('amongNote')} placeholder="orders_total > 0" />
    </>
  );
}

function Rfm() {
  const { t } = useText('tagEditor');
  return (
    <>
      <p className="muted">{t('rfmNote')}</p>
      <TextField withTags at="recent" label={t('recent')} placeholder="recency_days <= 60" />
      <TextField withTags at="frequent" label={t('frequent')} placeholder="orders_365d >= 3" />
      <TextField withTags at="spending" label={t('spending')} placeholder="net_365d >= 1000" />
    </>
  );
}

function Import() {
  const { t } = useText('tagEditor');
  return (
    <div className="tag-pair">
      <TextField at="trait" label={t('trait')} note={t('traitNote')} placeholder="city" />
      <ChoiceField at="type" label={t('typeOf')} otherwise="text" options={useTypes(['text', 'integer', 'number'])} />
    </div>
  );
}

function Sql() {
  const { t } = useText('tagEditor');
  return (
    <>
      <TextField withTags at="select" label={t('select')} note={t('selectNote')} placeholder="SELECT person_id, orders_90d AS value FROM profiles" />
      <div className="tag-pair">
        <ChoiceField at="type" label={t('typeOf')} otherwise="text" options={useTypes(['text', 'integer', 'number', 'money', 'date'])} />
      </div>
    </>
  );
}
