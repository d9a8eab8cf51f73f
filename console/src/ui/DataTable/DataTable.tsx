import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons';
import { type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { ColumnChooser, useHiddenColumns } from './ColumnChooser';
import './dataTable.css';

export interface Column<Row> {
  key: string;
  title: string;
  /** Numbers stand right. */
  numeric?: boolean;
  width?: number | string;
  /** May be hidden by the reader. */
  optional?: boolean;
  /** The order that a click on the head asks for. */
  sort?: string;
  render(row: Row): ReactNode;
}

interface Props<Row> {
  /** Stable name: the choice of columns is kept under it. */
  name: string;
  caption: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey(row: Row): string;
  onOpen?(row: Row): void;
  sorted?: { by: string; descending: boolean; onSort(by: string): void };
  /** What stands above the table, left of the choice of columns. */
  tools?: ReactNode;
  foot?: ReactNode;
  selected?: string;
}

/** The one table: sticky head, numbers right; arrows go from row to row, and so do j and k from anywhere; Enter opens. */
export function DataTable<Row>(props: Props<Row>) {
  const { name, caption, columns, rows, rowKey, onOpen, sorted, tools, foot, selected } = props;
  const [hidden, setHidden] = useHiddenColumns(name);
  const shown = columns.filter((column) => !column.optional || !hidden.includes(column.key));
  const optional = columns.filter((column) => column.optional);

  function step(event: KeyboardEvent<HTMLTableRowElement>, row: Row) {
    if (event.target !== event.currentTarget) return;
    const next = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' } as const;
    const way = next[event.key as keyof typeof next];
    if (way) {
      event.preventDefault();
      (event.currentTarget[way] as HTMLElement | null)?.focus();
    } else if (event.key === 'Enter') onOpen?.(row);
  }

  return (
    <div className="table-frame">
      {(tools || optional.length > 0) && (
        <div className="table-tools">
          <div className="row wrap">{tools}</div>
          {optional.length > 0 && <ColumnChooser columns={optional} hidden={hidden} onHide={setHidden} />}
        </div>
      )}
      <div className="table-scroll">
        <table className="table">
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {shown.map((column) => (
                <Head key={column.key} column={column} sorted={sorted} />
              ))}
            </tr>
          </thead>
          <tbody data-rows={onOpen ? '' : undefined}>
            {rows.map((row, at) => (
              <tr
                key={rowKey(row)}
                tabIndex={onOpen ? (at === 0 ? 0 : -1) : undefined}
                className={onOpen ? 'table-open' : undefined}
                aria-selected={selected === rowKey(row) || undefined}
                onKeyDown={(event) => step(event, row)}
                onClick={onOpen && ((event) => isPlain(event) && onOpen(row))}
              >
                {shown.map((column) => (
                  <td key={column.key} className={column.numeric ? 'table-numeric' : undefined}>
                    {column.render(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {foot}
    </div>
  );
}

function Head<Row>({ column, sorted }: { column: Column<Row>; sorted: Props<Row>['sorted'] }) {
  const { t } = useText();
  const by = column.sort;
  const active = by !== undefined && sorted?.by === by;
  return (
    <th
      scope="col"
      className={column.numeric ? 'table-numeric' : undefined}
      style={column.width ? { width: column.width } : undefined}
      aria-sort={active ? (sorted?.descending ? 'descending' : 'ascending') : undefined}
    >
      {by && sorted ? (
        <button type="button" className="plain-button table-sort" title={t('table.sort', { column: column.title })} onClick={() => sorted.onSort(by)}>
          {column.title}
          {active && (sorted.descending ? <ArrowDownOutlined aria-hidden /> : <ArrowUpOutlined aria-hidden />)}
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}

// A click on a link, a button or on text being selected means that, not the row.
function isPlain(event: MouseEvent<HTMLElement>): boolean {
  const target = event.target as HTMLElement;
  return !target.closest('a, button, input') && !getSelection()?.toString();
}
