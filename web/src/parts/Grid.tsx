// SPDX-License-Identifier: Apache-2.0
// A list of any length: filter, sort, choose columns, saved views; its state is in the address.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react';
import { t } from '../words/words';
import { useKeys } from './keys';
import { useAddress } from './useAddress';

export interface Column<Row> {
  key: string;
  title: string;
  /** What is sorted and filtered by; the amount or date as the API gives it. */
  value: (row: Row) => string | number | null | undefined;
  show?: (row: Row) => ReactNode;
  numeric?: boolean;
  width?: string;
  hidden?: boolean;
}

interface View {
  columns: string[];
  query: Record<string, string>;
}

function viewsOf(name: string): Record<string, View> {
  try {
    return JSON.parse(localStorage.getItem(`views.${name}`) ?? '{}') as Record<string, View>;
  } catch {
    return {};
  }
}

const asNumber = (value: unknown) => (value === null || value === undefined || value === '' ? -Infinity : Number(value));

export function Grid<Row>({
  name,
  rows,
  columns,
  rowKey,
  onOpen,
  complete = true,
  download,
  csv,
  selected,
  onSelect,
  height = 'calc(100vh - 15rem)',
}: {
  name: string;
  rows: Row[];
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  onOpen?: (row: Row) => void;
  /** False while rows are still coming. */
  complete?: boolean;
  /** The address of the whole list as a file, without its format. */
  download?: string;
  /** Rows that no address gives as a file. */
  csv?: { name: string; href: () => string };
  selected?: Set<string>;
  onSelect?: (selected: Set<string>) => void;
  height?: string;
}) {
  const [query, setQuery] = useAddress();
  const filter = useDeferredValue(query.filter ?? '');
  const sort = query.sort ?? '';
  const [chosen, setChosen] = useState<string[]>(() => {
    const kept = localStorage.getItem(`columns.${name}`);
    return kept ? (JSON.parse(kept) as string[]) : columns.filter((c) => !c.hidden).map((c) => c.key);
  });
  const [active, setActive] = useState(0);
  const [views, setViews] = useState(() => viewsOf(name));
  const shownColumns = columns.filter((column) => chosen.includes(column.key));
  const body = useRef<HTMLDivElement>(null);
  const label = useId();

  const texts = useMemo(
    () => rows.map((row) => columns.map((column) => column.value(row) ?? '').join('\u0001').toLowerCase()),
    [rows, columns],
  );
  const shown = useMemo(() => {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    let kept = words.length === 0 ? rows : rows.filter((_, i) => words.every((word) => texts[i]!.includes(word)));
    const [key, direction] = sort.split(':');
    const column = columns.find((one) => one.key === key);
    if (column) {
      const factor = direction === 'down' ? -1 : 1;
      const keyed = kept.map((row) => ({ row, value: column.value(row) }));
      keyed.sort((a, b) => {
        if (column.numeric) return factor * (asNumber(a.value) - asNumber(b.value) || 0);
        const x = String(a.value ?? '');
        const y = String(b.value ?? '');
        return factor * (x < y ? -1 : x > y ? 1 : 0);
      });
      kept = keyed.map((one) => one.row);
    }
    return kept;
  }, [rows, texts, filter, sort, columns]);

  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => body.current,
    estimateSize: () => 30,
    overscan: 12,
  });

  const chooseColumns = (next: string[]) => {
    setChosen(next);
    localStorage.setItem(`columns.${name}`, JSON.stringify(next));
  };
  const saveView = () => {
    const title = window.prompt(t('grid.view_name'));
    if (!title) return;
    const next = { ...views, [title]: { columns: chosen, query: { filter: query.filter ?? '', sort } } };
    localStorage.setItem(`views.${name}`, JSON.stringify(next));
    setViews(next);
  };
  const move = (by: number) => {
    const next = Math.max(0, Math.min(shown.length - 1, active + by));
    setActive(next);
    virtual.scrollToIndex(next, { align: 'auto' });
  };
  const toggle = (row: Row | undefined) => {
    if (!row || !onSelect || !selected) return;
    const next = new Set(selected);
    if (!next.delete(rowKey(row))) next.add(rowKey(row));
    onSelect(next);
  };
  useEffect(() => setActive(0), [filter, sort]);
  useKeys([
    { keys: 'j', label: 'key.next', run: () => move(1) },
    { keys: 'k', label: 'key.previous', run: () => move(-1) },
    { keys: 'Enter', label: 'key.open', run: () => shown[active] && onOpen?.(shown[active]) },
    ...(onSelect ? [{ keys: 'x', label: 'key.select' as const, run: () => toggle(shown[active]) }] : []),
  ]);

  const template = `${onSelect ? '2rem ' : ''}${shownColumns.map((c) => c.width ?? (c.numeric ? 'minmax(6rem, 0.7fr)' : 'minmax(5rem, 1fr)')).join(' ')}`;
  const sortBy = (key: string) => {
    const next = sort === `${key}:up` ? `${key}:down` : sort === `${key}:down` ? '' : `${key}:up`;
    setQuery({ sort: next });
  };

  return (
    <div className="grid">
      <div className="grid-bar">
        <input
          type="search"
          value={query.filter ?? ''}
          placeholder={t('grid.filter')}
          aria-label={t('grid.filter')}
          onChange={(event) => setQuery({ filter: event.target.value })}
        />
        <span id={label} className="quiet-text" role="status">
          {shown.length === rows.length ? t('grid.rows', { n: rows.length }) : t('grid.rows_of', { n: shown.length, all: rows.length })}
          {!complete && ` · ${t('grid.coming')}`}
        </span>
        <span className="spring" />
        {Object.keys(views).length > 0 && (
          <select
            aria-label={t('grid.views')}
            value=""
            onChange={(event) => {
              const view = views[event.target.value];
              if (!view) return;
              chooseColumns(view.columns);
              setQuery(view.query);
            }}
          >
            <option value="">{t('grid.views')}</option>
            {Object.keys(views).map((title) => (
              <option key={title}>{title}</option>
            ))}
          </select>
        )}
        <button type="button" onClick={saveView}>
          {t('grid.save_view')}
        </button>
        <details className="menu">
          <summary>{t('grid.columns')}</summary>
          <div>
            {columns.map((column) => (
              <label key={column.key}>
                <input
                  type="checkbox"
                  checked={chosen.includes(column.key)}
                  onChange={(event) =>
                    chooseColumns(event.target.checked ? [...chosen, column.key] : chosen.filter((key) => key !== column.key))
                  }
                />
                {column.title}
              </label>
            ))}
          </div>
        </details>
        {csv && (
          <a className="button" href={csv.href()} download={csv.name}>
            CSV
          </a>
        )}
        {download && (
          <>
            <a className="button" href={`${download}${download.includes('?') ? '&' : '?'}format=csv`} download>
              CSV
            </a>
            <a className="button" href={`${download}${download.includes('?') ? '&' : '?'}format=xlsx`} download>
              XLSX
            </a>
          </>
        )}
      </div>
      <div className="grid-body" ref={body} role="table" aria-labelledby={label} aria-rowcount={shown.length + 1} tabIndex={0} style={{ maxHeight: height }}>
        <div className="grid-row head" role="row" style={{ gridTemplateColumns: template }}>
          {onSelect && (
            <span role="columnheader">
              <input
                type="checkbox"
                aria-label={t('grid.all')}
                checked={shown.length > 0 && shown.every((row) => selected?.has(rowKey(row)))}
                onChange={(event) => onSelect(new Set(event.target.checked ? shown.map(rowKey) : []))}
              />
            </span>
          )}
          {shownColumns.map((column) => (
            <span
              key={column.key}
              role="columnheader"
              className={column.numeric ? 'number' : ''}
              aria-sort={sort === `${column.key}:up` ? 'ascending' : sort === `${column.key}:down` ? 'descending' : 'none'}
            >
              <button type="button" className="quiet" onClick={() => sortBy(column.key)}>
                {column.title}
                {sort === `${column.key}:up` ? ' ▲' : sort === `${column.key}:down` ? ' ▼' : ''}
              </button>
            </span>
          ))}
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const row = shown[item.index]!;
            const key = rowKey(row);
            return (
              <div
                key={key}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={selected ? selected.has(key) : undefined}
                className={`grid-row${item.index === active ? ' active' : ''}${selected?.has(key) ? ' selected' : ''}`}
                style={{ gridTemplateColumns: template, position: 'absolute', top: 0, transform: `translateY(${item.start}px)`, height: 30 }}
                onClick={() => setActive(item.index)}
                onDoubleClick={() => onOpen?.(row)}
              >
                {onSelect && (
                  <span role="cell">
                    <input type="checkbox" aria-label={t('grid.choose', { row: key })} checked={selected?.has(key) ?? false} onChange={() => toggle(row)} />
                  </span>
                )}
                {shownColumns.map((column) => (
                  <span key={column.key} role="cell" className={column.numeric ? 'number' : ''}>
                    {column.show ? column.show(row) : column.value(row)}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
        {shown.length === 0 && complete && <p className="state">{t('state.empty')}</p>}
      </div>
    </div>
  );
}
