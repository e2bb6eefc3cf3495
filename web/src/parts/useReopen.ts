// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { post } from '../api/client';
import { t } from '../words/words';
import { problemText } from './parts';
import { say } from './toasts';

/** Takes decisions of work items back: the items are open again, and reads are what they were. */
export function useReopen() {
  const client = useQueryClient();
  return async (items: string[]) => {
    try {
      for (const item of items) {
        await post('/v1/work-items/{item}/changes', { kind: 'reopened', why: t('inbox.undone') }, { path: { item } });
      }
      say(t('inbox.reopened', { n: items.length }));
    } catch (failure) {
      say(problemText(failure).what, { bad: true });
    }
    void client.invalidateQueries({ queryKey: ['work'] });
  };
}
