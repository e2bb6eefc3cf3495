// SPDX-License-Identifier: Apache-2.0
import { useEffect, useId, useRef, type FormEvent, type ReactNode } from 'react';
import { ApiError } from '../api/client';
import { currentLanguage, money, t, word, type Language } from '../words/words';

/** What went wrong, in the words of the office, and what to do next. */
export function problemText(failure: unknown): { what: string; next: string } {
  if (failure instanceof ApiError) {
    const { title, detail, next } = failure.problem;
    if (title === 'network') return { what: t('problem.network'), next: t('problem.network_next') };
    const own = word('error', title);
    if (currentLanguage() !== 'en' && own !== title) return { what: own, next: '' };
    return { what: detail || title, next: /--|watthour /.test(next) ? '' : next };
  }
  return { what: String(failure), next: '' };
}

export function ProblemBox({ failure }: { failure: unknown }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [failure]);
  if (!failure) return null;
  const { what, next } = problemText(failure);
  const id = failure instanceof ApiError ? failure.problem.request_id : undefined;
  return (
    <div className="problem" role="alert" tabIndex={-1} ref={box}>
      <strong>{what}</strong> {next}
      {id && <small>{t('problem.request', { id })}</small>}
    </div>
  );
}

/** The four states of a question: under way, refused, empty, answered. */
export function Answer<T>({
  query,
  empty,
  children,
}: {
  query: { data: T | undefined; error: unknown; isPending: boolean };
  empty?: (data: T) => boolean;
  children: (data: T) => ReactNode;
}) {
  if (query.error && query.data === undefined) {
    const status = query.error instanceof ApiError ? query.error.problem.status : 0;
    if (status === 403) return <p className="state">{t('state.not_allowed')}</p>;
    if (status === 401) return <p className="state">{t('state.signed_out')}</p>;
    return <ProblemBox failure={query.error} />;
  }
  if (query.data === undefined) return <p className="state" aria-busy="true">{t('state.loading')}</p>;
  if (empty?.(query.data)) return <p className="state">{t('state.empty')}</p>;
  return <>{children(query.data)}</>;
}

export function Dialog({
  title,
  onClose,
  children,
  wide,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current!;
    const before = document.activeElement;
    if (!element.open) element.showModal();
    // The first field that is meant for it; else the first that can.
    (element.querySelector<HTMLElement>('[data-first]') ?? element.querySelector<HTMLElement>('input, select, textarea, button'))?.focus();
    return () => {
      element.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? 'wide' : ''}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h2 id={heading}>{title}</h2>
        <button className="quiet" type="button" onClick={onClose} aria-label={t('action.close')}>
          ×
        </button>
      </header>
      {children}
    </dialog>
  );
}

export function Form({
  onSubmit,
  failure,
  busy,
  submit,
  danger,
  children,
  onCancel,
}: {
  onSubmit: () => void;
  failure?: unknown;
  busy?: boolean;
  submit: string;
  danger?: boolean;
  children: ReactNode;
  onCancel?: () => void;
}) {
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (!busy) onSubmit();
      }}
    >
      <ProblemBox failure={failure} />
      {children}
      <div className="buttons">
        <button className={danger ? 'danger' : 'main'} type="submit" aria-disabled={busy}>
          {busy ? t('state.working') : submit}
        </button>
        {onCancel && (
          <button type="button" onClick={onCancel}>
            {t('action.cancel')}
          </button>
        )}
      </div>
    </form>
  );
}

export function Field({
  label,
  hint,
  error,
  children,
}: {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  children: (id: string, described: string | undefined) => ReactNode;
}) {
  const id = useId();
  const described = hint || error ? `${id}-about` : undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id, described)}
      {described && (
        <small id={described} className={error ? 'wrong' : ''}>
          {error ?? hint}
        </small>
      )}
    </div>
  );
}

export function TextField({
  label,
  value,
  onChange,
  first,
  hint,
  error,
  ...rest
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  first?: boolean;
  hint?: string;
  error?: string | undefined;
  type?: string;
  required?: boolean;
  autoComplete?: string;
  inputMode?: 'decimal' | 'numeric' | 'text';
  list?: string;
  pattern?: string;
  placeholder?: string;
  onBlur?: () => void;
}) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(id, described) => (
        <input
          id={id}
          aria-describedby={described}
          aria-invalid={error ? true : undefined}
          value={value}
          data-first={first ? '' : undefined}
          onChange={(event) => onChange(event.target.value)}
          {...rest}
        />
      )}
    </Field>
  );
}

export function SelectField({
  label,
  value,
  onChange,
  options,
  first,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: [string, string][];
  first?: boolean;
}) {
  return (
    <Field label={label}>
      {(id) => (
        <select id={id} value={value} data-first={first ? '' : undefined} onChange={(event) => onChange(event.target.value)}>
          {options.map(([key, text]) => (
            <option key={key} value={key}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function Money({ amount, sign, language }: { amount: string | null | undefined; sign?: boolean; language?: Language }) {
  const negative = amount?.startsWith('-');
  return (
    <span className={negative ? 'money negative' : 'money'}>
      {sign && amount && !negative ? '+' : ''}
      {money(amount, language)}
    </span>
  );
}

export function Badge({ kind, children }: { kind?: 'good' | 'warn' | 'bad'; children: ReactNode }) {
  return <span className={`badge ${kind ?? ''}`}>{children}</span>;
}

export function Facts({ rows }: { rows: [string, ReactNode][] }) {
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
