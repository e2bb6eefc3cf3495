// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, remove } from '../api/client';
import { useMe } from '../me';
import { Answer, Facts, Form, TextField } from '../parts/parts';
import { say } from '../parts/toasts';
import { moment, t, word } from '../words/words';

function SecondFactor() {
  const [code, setCode] = useState('');
  const begin = useMutation({ mutationFn: () => post('/v1/me/second-factor', undefined) });
  const confirm = useMutation({
    mutationFn: () => post('/v1/me/second-factor/confirmation', { code }),
    onSuccess: () => say(t('factor.done')),
  });
  return (
    <section className="card">
      <h2>{t('factor.title')}</h2>
      <p>{t('factor.about')}</p>
      {begin.data && !confirm.data ? (
        <Form onSubmit={() => confirm.mutate()} failure={confirm.error} busy={confirm.isPending} submit={t('factor.confirm')}>
          <Facts rows={[[t('factor.secret'), <code className="secret">{begin.data.secret.replace(/(.{4})/g, '$1 ')}</code>]]} />
          <TextField label={t('signin.code')} value={code} onChange={setCode} inputMode="numeric" first required />
        </Form>
      ) : (
        <Form onSubmit={() => begin.mutate()} failure={begin.error} busy={begin.isPending} submit={t('factor.begin')}>
          {null}
        </Form>
      )}
    </section>
  );
}

function Keys() {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const keys = useQuery({ queryKey: ['keys'], queryFn: () => get('/v1/me/keys') });
  const refresh = () => client.invalidateQueries({ queryKey: ['keys'] });
  const make = useMutation({ mutationFn: () => post('/v1/me/keys', { name, days: Number(days) }), onSuccess: refresh });
  const end = useMutation({ mutationFn: (key: string) => remove('/v1/me/keys/{key}', { path: { key } }), onSuccess: refresh });
  return (
    <section className="card">
      <h2>{t('keys_for.title')}</h2>
      <p>{t('keys_for.about')}</p>
      {make.data && (
        <p className="notice">
          {t('keys_for.once')} <code className="secret">{make.data.token}</code>
        </p>
      )}
      <Answer query={keys} empty={(data) => data.items.length === 0}>
        {(data) => (
          <table className="plain">
            <tbody>
              {data.items.map((key) => (
                <tr key={key.key}>
                  <td>{key.name}</td>
                  <td>{t('keys_for.until', { when: moment(key.expires_at) })}</td>
                  <td>
                    <button type="button" onClick={() => end.mutate(key.key)}>
                      {t('keys_for.end')}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
      <Form onSubmit={() => make.mutate()} failure={make.error} busy={make.isPending} submit={t('keys_for.make')}>
        <TextField label={t('keys_for.name')} value={name} onChange={setName} required />
        <TextField label={t('keys_for.days')} value={days} onChange={setDays} inputMode="numeric" required />
      </Form>
    </section>
  );
}

export default function Profile() {
  const me = useMe();
  return (
    <>
      <h1>{me.full_name}</h1>
      <Facts
        rows={[
          [t('signin.user'), me.user],
          [t('admin.roles'), me.roles.map((role) => word('role', role)).join(', ')],
          [t('nav.utility'), me.utility],
        ]}
      />
      <div className="columns">
        <SecondFactor />
        <Keys />
      </div>
    </>
  );
}
