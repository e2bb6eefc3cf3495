// SPDX-License-Identifier: Apache-2.0
import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';

/** The state of a screen, kept in the address: a reload or a link gives the same screen. */
export function useAddress(): [Record<string, string>, (change: Record<string, string>) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const query = useMemo(() => Object.fromEntries(new URLSearchParams(search)), [search]);
  const change = useCallback(
    (next: Record<string, string>) => {
      const params = new URLSearchParams(search);
      for (const [name, value] of Object.entries(next)) {
        if (value === '') params.delete(name);
        else params.set(name, value);
      }
      const text = params.toString();
      navigate(text ? `${path}?${text}` : path, { replace: true });
    },
    [search, path, navigate],
  );
  return [query, change];
}
