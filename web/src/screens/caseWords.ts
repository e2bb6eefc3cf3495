// SPDX-License-Identifier: Apache-2.0
import type { Language } from '../words/words';

export function badgeOfCase(state: string): 'good' | 'warn' | 'bad' | undefined {
  if (state === 'concluded' || state === 'unfounded' || state === 'paid') return 'good';
  if (state === 'confirmed' || state === 'calculated' || state === 'charged' || state === 'referred') return 'bad';
  return 'warn';
}

/** What the API gives in both languages. */
export function inLanguage(both: unknown, language: Language): string {
  const text = (both as Record<string, unknown> | null | undefined)?.[language];
  return typeof text === 'string' ? text : '';
}
