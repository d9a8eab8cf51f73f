import './jsonView.css';

/** Properties as they came: text only, long values wrapped, never markup. */
export function JsonView({ value }: { value: unknown }) {
  return <pre className="json">{JSON.stringify(value, null, 2)}</pre>;
}
