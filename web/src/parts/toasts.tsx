// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from 'react';
import { t } from '../words/words';

export interface Toast {
  id: number;
  text: string;
  bad: boolean;
  undo?: () => void;
}

let toasts: Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function change(next: Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

export function dismiss(id: number) {
  change(toasts.filter((toast) => toast.id !== id));
}

/** Says what was done. With a way back it stays thirty seconds. */
export function say(text: string, options: { undo?: () => void; bad?: boolean } = {}) {
  const toast: Toast = { id: ++last, text, bad: options.bad ?? false };
  if (options.undo) toast.undo = options.undo;
  change([...toasts.slice(-3), toast]);
  setTimeout(() => dismiss(toast.id), options.undo ? 30_000 : toast.bad ? 12_000 : 6_000);
}

/** What Ctrl-Z takes back. */
export function undoLast() {
  const toast = [...toasts].reverse().find((one) => one.undo);
  if (!toast) return;
  dismiss(toast.id);
  toast.undo?.();
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <div key={toast.id} className={toast.bad ? 'toast bad' : 'toast'}>
          <span>{toast.text}</span>
          {toast.undo && (
            <button
              onClick={() => {
                dismiss(toast.id);
                toast.undo?.();
              }}
            >
              {t('action.undo')}
            </button>
          )}
          <button className="quiet" aria-label={t('action.close')} onClick={() => dismiss(toast.id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
