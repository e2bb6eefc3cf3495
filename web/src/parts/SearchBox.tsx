// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useState, type Ref } from 'react';
import { useLocation } from 'wouter';
import { get, type Schemas } from '../api/client';
import { t } from '../words/words';

type Found = Schemas['SearchResult'];

function recent(): Found[] {
  try {
    return JSON.parse(sessionStorage.getItem('recent') ?? '[]') as Found[];
  } catch {
    return [];
  }
}

export function remember(found: Found) {
  const rows = [found, ...recent().filter((one) => one.account !== found.account)].slice(0, 8);
  sessionStorage.setItem('recent', JSON.stringify(rows));
}

/** Accounts by any words; Enter opens the first. `onPick` takes the place of opening it. */
export function AccountChooser({
  input,
  label,
  onPick,
  initial = '',
  first,
}: {
  input?: Ref<HTMLInputElement>;
  label: string;
  onPick: (found: Found) => void;
  initial?: string;
  first?: boolean;
}) {
  const [text, setText] = useState(initial);
  const [asked, setAsked] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const list = useId();
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 60);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useQuery({
    queryKey: ['search', asked],
    queryFn: ({ signal }) => get('/v1/search', { query: { q: asked }, signal }),
    enabled: asked.length >= 2,
    placeholderData: (before) => before,
  });
  const rows = text.trim().length >= 2 ? (found.data?.items ?? []) : recent();
  const settled = asked === text.trim() && !found.isFetching;
  const pick = (row: Found | undefined) => {
    if (!row) return;
    remember(row);
    setOpen(false);
    onPick(row);
  };
  // Enter pressed before the answer was there opens what then comes first.
  const [wanting, setWanting] = useState(false);
  useEffect(() => {
    if (!wanting || !settled) return;
    setWanting(false);
    pick(rows[active]);
  });
  const shown = open && (rows.length > 0 || (settled && text.trim().length >= 2));
  return (
    <div className="search">
      <input
        ref={input}
        type="search"
        role="combobox"
        data-first={first ? '' : undefined}
        autoFocus={first}
        aria-expanded={shown}
        aria-controls={shown ? list : undefined}
        aria-autocomplete="list"
        aria-activedescendant={shown && rows[active] ? `${list}-${active}` : undefined}
        aria-label={label}
        placeholder={label}
        value={text}
        onFocus={() => setOpen(true)}
        onBlur={() => setTimeout(() => setOpen(false), 150)}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
          setOpen(true);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setActive(Math.min(rows.length - 1, active + 1));
          else if (event.key === 'ArrowUp') setActive(Math.max(0, active - 1));
          else if (event.key === 'Enter') {
            if (settled || text.trim().length < 2) pick(rows[active]);
            else setWanting(true);
          } else if (event.key === 'Escape') {
            setOpen(false);
            event.currentTarget.blur();
          } else return;
          event.preventDefault();
        }}
      />
      {shown && (
        <ul id={list} role="listbox" className="choices" aria-label={label} data-asked={settled ? asked : undefined}>
          {rows.map((row, i) => (
            <li key={row.account} id={`${list}-${i}`} role="option" aria-selected={i === active} onMouseDown={() => pick(row)}>
              <span>{row.name}</span>
              <span className="quiet-text">{row.street}</span>
              <code>{row.account}</code>
            </li>
          ))}
          {rows.length === 0 && (
            <li role="option" aria-selected="false" aria-disabled="true">
              {t('search.nothing')}
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

export function SearchBox({ input }: { input: Ref<HTMLInputElement> }) {
  const [, navigate] = useLocation();
  return (
    <AccountChooser
      input={input}
      label={t('search.label')}
      onPick={(row) => {
        navigate(`/accounts/${row.account}`);
        (document.activeElement as HTMLElement | null)?.blur();
      }}
    />
  );
}
