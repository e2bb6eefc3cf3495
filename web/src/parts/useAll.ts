// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';
import { address, getPage } from '../api/client';
import { useLanguage } from '../words/words';

/** All pages of a list, shown as they come. */
export function useAll<Row>(pattern: string, query: Record<string, string | undefined> = {}, path: Record<string, string> = {}, version = 0) {
  const language = useLanguage();
  const key = `${language} ${address(pattern, { path, query })}`;
  const [state, setState] = useState<{ rows: Row[]; complete: boolean; error: unknown; key: string }>({ rows: [], complete: false, error: null, key });
  useEffect(() => {
    const stop = new AbortController();
    const rows: Row[] = [];
    const load = async () => {
      let cursor: string | undefined;
      let shown = 0;
      do {
        const body = await getPage<Row>(pattern, { path, query: { ...query, limit: 200, cursor }, signal: stop.signal });
        rows.push(...body.items);
        cursor = body.cursor ?? undefined;
        // Drawn at growing steps, so that a long list does not draw itself to death.
        if (!cursor || rows.length >= shown * 2 || shown === 0) {
          shown = rows.length;
          setState({ rows: rows.slice(), complete: !cursor, error: null, key });
        }
      } while (cursor);
    };
    load().catch((error: unknown) => {
      if (!stop.signal.aborted) setState({ rows: rows.slice(), complete: true, error, key });
    });
    return () => stop.abort();
  }, [key, version]);
  const current = state.key === key ? state : { rows: [] as Row[], complete: false, error: null };
  return {
    ...current,
    query: {
      data: current.rows.length > 0 || current.complete ? (current.error && current.rows.length === 0 ? undefined : current) : undefined,
      error: current.error,
      isPending: !current.complete,
    },
  };
}

