import './sources.css';

const HEIGHT = 24;
const STEP = 3;

interface Props {
  values: readonly number[];
  label: string;
}

/** A row of small bars, the latest right; its label says what it shows. */
export function Spark({ values, label }: Props) {
  const most = Math.max(1, ...values);
  const width = values.length * STEP;
  return (
    <svg className="spark" role="img" aria-label={label} viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none">
      <title>{label}</title>
      <line x1="0" x2={width} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="spark-ground" />
      {values.map((value, at) => {
        const height = value === 0 ? 0 : Math.max(1.5, (value / most) * (HEIGHT - 1));
        return <rect key={at} x={at * STEP} y={HEIGHT - height} width={STEP - 1} height={height} />;
      })}
    </svg>
  );
}
