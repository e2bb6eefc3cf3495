// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState, type ComponentType } from 'react';
import { t } from '../words/words';

const waiting: (() => Promise<unknown>)[] = [];

/** A screen whose script comes when it is first needed, or when the browser has nothing to do.
 * (Suspense would hold a screen back for 300 ms once its place was shown empty.) */
export function later<Props extends object = object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  let Screen: ComponentType<Props> | undefined;
  const fetchIt = async () => {
    Screen ??= (await load()).default;
  };
  waiting.push(fetchIt);
  return function Later(props: Props) {
    const [, ready] = useState(Screen !== undefined);
    useEffect(() => {
      if (!Screen) void fetchIt().then(() => ready(true));
    }, []);
    return Screen ? <Screen {...props} /> : <p className="state" aria-busy="true">{t('state.loading')}</p>;
  };
}

/** Fetches the scripts of all screens, one after the other, when there is time. */
export async function fetchAhead() {
  for (const fetchIt of waiting) {
    await new Promise((resolve) => (window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200)))(resolve));
    await fetchIt().catch(() => undefined);
  }
}
