// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { post } from '../api/client';
import { Form, TextField } from '../parts/parts';
import { t } from '../words/words';

/** Where a one-time link leads: a password is set, once. */
export default function Password({ link }: { link: string }) {
  const [password, setPassword] = useState('');
  const set = useMutation({ mutationFn: () => post('/v1/passwords', { link, password }) });
  return (
    <main className="door">
      <h1>Watthour</h1>
      {set.data ? (
        <>
          <p>{t('password.done', { user: set.data.user })}</p>
          <Link className="button main" href="/">
            {t('signin.enter')}
          </Link>
        </>
      ) : (
        <Form onSubmit={() => set.mutate()} failure={set.error} busy={set.isPending} submit={t('password.set')}>
          <TextField label={t('password.new')} hint={t('password.hint')} value={password} onChange={setPassword} type="password" autoComplete="new-password" first required />
        </Form>
      )}
    </main>
  );
}
