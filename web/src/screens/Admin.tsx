// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { address, get, post, type Schemas } from '../api/client';
import { useMay, useMe } from '../me';
import { Grid, type Column } from '../parts/Grid';
import { Progress } from '../parts/Progress';
import { Answer, Badge, Dialog, Form, Money, SelectField, TextField } from '../parts/parts';
import { say } from '../parts/toasts';
import { useAddress } from '../parts/useAddress';
import { useAll } from '../parts/useAll';
import { day, moment, plusDays, t, useLanguage, word } from '../words/words';

const sections = ['approvals', 'jobs', 'users', 'roles', 'audit', 'health'] as const;

function Decide({ approval, verdict, onClose }: { approval: Schemas['Approval']; verdict: 'approve' | 'decline'; onClose: () => void }) {
  const client = useQueryClient();
  const [why, setWhy] = useState('');
  const decide = useMutation({
    mutationFn: () => post('/v1/approvals/{approval}/decision', { verdict, why }, { path: { approval: approval.id } }),
    onSuccess: (decided) => {
      say(t('approval.done', { state: word('approval_state', decided.state) }));
      void client.invalidateQueries({ queryKey: ['approvals'] });
      onClose();
    },
  });
  return (
    <Dialog title={verdict === 'approve' ? t('approval.approve') : t('approval.decline')} onClose={onClose}>
      <Form onSubmit={() => decide.mutate()} failure={decide.error} busy={decide.isPending} submit={verdict === 'approve' ? t('approval.approve') : t('approval.decline')} danger={verdict === 'decline'} onCancel={onClose}>
        <TextField label={t('field.why')} value={why} onChange={setWhy} first required />
      </Form>
    </Dialog>
  );
}

/** Readable on a telephone: a card each, with what would be done and how much. */
function Approvals() {
  const me = useMe();
  const may = useMay('work.approve');
  const approvals = useQuery({ queryKey: ['approvals'], queryFn: () => get('/v1/approvals', { query: { limit: 200 } }) });
  const [deciding, setDeciding] = useState<{ approval: Schemas['Approval']; verdict: 'approve' | 'decline' } | null>(null);
  return (
    <>
      <Answer query={approvals} empty={(data) => data.items.length === 0}>
        {(data) => (
          <ul className="cards">
            {data.items.map((approval) => (
              <li key={approval.id} className="card">
                <h2>
                  {word('use_case', approval.use_case)} <Money amount={approval.amount} />
                </h2>
                <p>
                  {t('approval.asked', { who: approval.maker })} {approval.why}
                </p>
                <dl className="facts">
                  {Object.entries(JSON.parse(approval.parameters) as Record<string, unknown>).map(([key, value]) => (
                    <div key={key}>
                      <dt>{word('report_field', key)}</dt>
                      <dd>{Array.isArray(value) ? value.length : String(value)}</dd>
                    </div>
                  ))}
                </dl>
                {approval.maker === me.user ? (
                  <p className="quiet-text">{t('approval.own')}</p>
                ) : (
                  may && (
                    <div className="buttons">
                      <button type="button" className="main" onClick={() => setDeciding({ approval, verdict: 'approve' })}>
                        {t('approval.approve')}
                      </button>
                      <button type="button" onClick={() => setDeciding({ approval, verdict: 'decline' })}>
                        {t('approval.decline')}
                      </button>
                    </div>
                  )
                )}
              </li>
            ))}
          </ul>
        )}
      </Answer>
      {deciding && <Decide {...deciding} onClose={() => setDeciding(null)} />}
    </>
  );
}

function Jobs() {
  const [all, setAll] = useState(true);
  const jobs = useQuery({ queryKey: ['jobs', String(all)], queryFn: () => get('/v1/jobs', { query: { all, limit: 200 } }), refetchInterval: 5_000 });
  return (
    <>
      <label>
        <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} /> {t('job.all')}
      </label>
      <Answer query={jobs} empty={(data) => data.items.length === 0}>
        {(data) => (
          <div className="scroll tall" tabIndex={0}>
            <table className="plain">
              <thead>
                <tr>
                  <th>{t('field.kind')}</th>
                  <th>{t('job.parameters')}</th>
                  <th>{t('field.by')}</th>
                  <th>{t('run.state')}</th>
                </tr>
              </thead>
              <tbody>
                {data.items.map((job) => (
                  <tr key={job.job}>
                    <td>{word('job_kind', job.kind)}</td>
                    <td>
                      <code>{job.parameters}</code>
                    </td>
                    <td>{job.requested_by}</td>
                    <td>{job.state === 'done' && job.parked === 0 ? <Badge kind="good">{word('job_state', job.state)}</Badge> : <Progress job={job.job} />}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Answer>
    </>
  );
}

type UserAction = { user: string; what: 'add' | 'grant' | 'revoke' | 'disable'; roles: string[] };

function ChangeUser({ action, onClose }: { action: UserAction; onClose: () => void }) {
  const client = useQueryClient();
  const roles = useQuery({ queryKey: ['roles'], queryFn: () => get('/v1/roles', { query: { limit: 200 } }) });
  const [user, setUser] = useState(action.user);
  const [name, setName] = useState('');
  const [role, setRole] = useState(action.what === 'revoke' ? (action.roles[0] ?? '') : '');
  const [why, setWhy] = useState('');
  const save = useMutation({
    mutationFn: async (): Promise<string> => {
      const path = { user };
      if (action.what === 'add') {
        const added = await post('/v1/users', { user, full_name: name, why, ...(role ? { role } : {}) });
        return added.waits ?? t('admin.added', { user });
      }
      if (action.what === 'grant') return (await post('/v1/users/{user}/role-grants', { role, why }, { path })).waits ?? '';
      if (action.what === 'revoke') await post('/v1/users/{user}/role-revocations', { role, why }, { path });
      else await post('/v1/users/{user}/disablement', { why }, { path });
      return t('admin.changed', { user });
    },
    onSuccess: (text) => {
      say(text);
      void client.invalidateQueries({ queryKey: ['users'] });
      void client.invalidateQueries({ queryKey: ['approvals'] });
      onClose();
    },
  });
  const choices = action.what === 'revoke' ? action.roles : (roles.data?.items.map((one) => one.role) ?? []);
  return (
    <Dialog title={word('user_action', action.what)} onClose={onClose}>
      <Form onSubmit={() => save.mutate()} failure={save.error} busy={save.isPending} submit={word('user_action', action.what)} danger={action.what === 'disable'} onCancel={onClose}>
        {action.what === 'add' && (
          <>
            <TextField label={t('signin.user')} value={user} onChange={setUser} first required />
            <TextField label={t('admin.full_name')} value={name} onChange={setName} required />
          </>
        )}
        {action.what !== 'disable' && <SelectField label={t('admin.role')} value={role} onChange={setRole} options={[['', '—'], ...choices.map((one): [string, string] => [one, word('role', one)])]} />}
        <TextField label={t('field.why')} value={why} onChange={setWhy} first={action.what !== 'add'} required />
      </Form>
    </Dialog>
  );
}

function Users() {
  const may = useMay('user.manage');
  const mayGrant = useMay('user.grant');
  const users = useQuery({ queryKey: ['users'], queryFn: () => get('/v1/users', { query: { limit: 200 } }) });
  const [action, setAction] = useState<UserAction | null>(null);
  const [link, setLink] = useState<{ user: string; url: string } | null>(null);
  const makeLink = useMutation({
    mutationFn: (user: string) => post('/v1/users/{user}/links', undefined, { path: { user } }),
    onSuccess: (made) => setLink({ user: made.user, url: `${location.origin}/w/password/${made.link}` }),
  });
  return (
    <>
      {may && (
        <button type="button" onClick={() => setAction({ user: '', what: 'add', roles: [] })}>
          {word('user_action', 'add')}
        </button>
      )}
      <Answer query={users}>
        {(data) => (
          <table className="plain">
            <thead>
              <tr>
                <th>{t('signin.user')}</th>
                <th>{t('admin.full_name')}</th>
                <th>{t('admin.roles')}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {data.items.map((user) => (
                <tr key={user.user}>
                  <td>{user.user}</td>
                  <td>
                    {user.full_name} {!user.active && <Badge kind="warn">{t('admin.disabled')}</Badge>}
                  </td>
                  <td>{user.roles.map((role) => word('role', role)).join(', ')}</td>
                  <td>
                    {may && user.active && (
                      <button type="button" onClick={() => makeLink.mutate(user.user)}>
                        {t('admin.link')}
                      </button>
                    )}{' '}
                    {mayGrant && user.active && (
                      <button type="button" onClick={() => setAction({ user: user.user, what: 'grant', roles: user.roles })}>
                        {word('user_action', 'grant')}
                      </button>
                    )}{' '}
                    {may && user.roles.length > 0 && (
                      <button type="button" onClick={() => setAction({ user: user.user, what: 'revoke', roles: user.roles })}>
                        {word('user_action', 'revoke')}
                      </button>
                    )}{' '}
                    {may && user.active && (
                      <button type="button" onClick={() => setAction({ user: user.user, what: 'disable', roles: user.roles })}>
                        {word('user_action', 'disable')}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
      {action && <ChangeUser action={action} onClose={() => setAction(null)} />}
      {link && (
        <Dialog title={t('admin.link')} onClose={() => setLink(null)}>
          <p>{t('admin.link_about', { user: link.user })}</p>
          <input readOnly value={link.url} aria-label={t('admin.link')} onFocus={(event) => event.target.select()} />
        </Dialog>
      )}
    </>
  );
}

function Roles() {
  const roles = useQuery({ queryKey: ['roles'], queryFn: () => get('/v1/roles', { query: { limit: 200 } }) });
  return (
    <Answer query={roles}>
      {(data) => {
        const permissions = [...new Set(data.items.flatMap((role) => role.permissions))].sort();
        return (
          <div className="scroll tall" tabIndex={0}>
            <table className="plain matrix">
              <thead>
                <tr>
                  <th />
                  {data.items.map((role) => (
                    <th key={role.role} title={role.for}>
                      {word('role', role.role)}
                    </th>
                  ))}
                </tr>
                <tr>
                  <th>{t('admin.limit')}</th>
                  {data.items.map((role) => (
                    <td key={role.role} className="number">
                      {role.limit ? <Money amount={role.limit} /> : t('admin.any')}
                    </td>
                  ))}
                </tr>
              </thead>
              <tbody>
                {permissions.map((permission) => (
                  <tr key={permission}>
                    <th>
                      <code>{permission}</code>
                    </th>
                    {data.items.map((role) => (
                      <td key={role.role}>{role.permissions.includes(permission) ? '●' : ''}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        );
      }}
    </Answer>
  );
}

function Audit() {
  const language = useLanguage();
  const me = useMe();
  const [query, change] = useAddress();
  const since = query.since ?? plusDays(me.business_date, -31);
  const list = useAll<Schemas['AuditEntry']>('/v1/audit-entries', { since, by: query.by, subject: query.subject });
  const columns = useMemo<Column<Schemas['AuditEntry']>[]>(
    () => [
      { key: 'recorded_on', title: t('field.date'), value: (row) => row.recorded_on, show: (row) => (row.changed_at ? moment(row.changed_at) : day(row.recorded_on)), width: '11rem' },
      { key: 'by', title: t('field.by'), value: (row) => row.by, width: '8rem' },
      { key: 'use_case', title: t('audit.what'), value: (row) => row.use_case, show: (row) => word('use_case', row.use_case), width: '12rem' },
      { key: 'account', title: t('field.account'), value: (row) => row.account, show: (row) => (row.account ? <Link href={`/accounts/${row.account}`}>{row.account}</Link> : ''), width: '8rem' },
      { key: 'subject', title: t('audit.subject'), value: (row) => row.subject, width: 'minmax(9rem, 1fr)' },
      { key: 'before', title: t('audit.before'), value: (row) => row.before },
      { key: 'after', title: t('audit.after'), value: (row) => row.after },
      { key: 'why', title: t('field.why'), value: (row) => row.why },
    ],
    [language],
  );
  return (
    <>
      <div className="bar">
        <TextField label={t('field.from')} type="date" value={since} onChange={(value) => change({ since: value })} />
        <TextField label={t('field.by')} value={query.by ?? ''} onChange={(value) => change({ by: value })} />
        <TextField label={t('audit.subject')} value={query.subject ?? ''} onChange={(value) => change({ subject: value })} />
      </div>
      <Answer query={list.query}>
        {(data) => <Grid name="audit" rows={data.rows} complete={data.complete} columns={columns} rowKey={(row) => row.entry} download={address('/v1/audit-entries', { query: { since, by: query.by, subject: query.subject } })} height="calc(100vh - 21rem)" />}
      </Answer>
    </>
  );
}

function Health() {
  const me = useMe();
  const ready = useQuery({ queryKey: ['ready'], queryFn: () => get('/readyz') });
  const may = useMay('books.check');
  const check = useMutation({ mutationFn: (all: boolean) => get('/v1/checks', { query: all ? {} : { since: me.business_date } }) });
  return (
    <>
      <Answer query={ready}>
        {(data) => (
          <p>
            <Badge kind="good">{t('health.ready')}</Badge> {data.utility} · {day(data.business_date)} · <a href="/docs">{t('health.api')}</a>
          </p>
        )}
      </Answer>
      {may && (
        <div className="buttons">
          <button type="button" onClick={() => check.mutate(false)} aria-disabled={check.isPending}>
            {t('health.today')}
          </button>
          <button type="button" onClick={() => check.mutate(true)} aria-disabled={check.isPending}>
            {t('health.check')}
          </button>
        </div>
      )}
      {check.isPending && <p className="state">{t('state.working')}</p>}
      {check.data && (
        <div className="scroll tall" tabIndex={0}>
          <table className="plain">
            <tbody>
              {check.data.items.map((one) => (
                <tr key={one.name}>
                  <td>{one.ok ? <Badge kind="good">{t('health.holds')}</Badge> : <Badge kind="bad">{t('health.broken')}</Badge>}</td>
                  <td>{one.meaning}</td>
                  <td>{one.violations.join('; ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

export default function Admin({ section }: { section: string }) {
  useLanguage();
  const may: Record<(typeof sections)[number], boolean> = {
    approvals: useMay('work.view'),
    jobs: useMay('work.view'),
    users: useMay('user.view'),
    roles: useMay('user.view'),
    audit: useMay('audit.view'),
    health: true,
  };
  const allowed = sections.filter((one) => may[one]);
  return (
    <>
      <div className="bar">
        <h1>{t('nav.admin')}</h1>
        <nav className="tabs" aria-label={t('nav.admin')}>
          {allowed.map((one) => (
            <Link key={one} href={`/admin/${one}`} aria-current={section === one ? 'page' : undefined}>
              {word('admin', one)}
            </Link>
          ))}
        </nav>
      </div>
      {section === 'approvals' && <Approvals />}
      {section === 'jobs' && <Jobs />}
      {section === 'users' && <Users />}
      {section === 'roles' && <Roles />}
      {section === 'audit' && <Audit />}
      {section === 'health' && <Health />}
    </>
  );
}
