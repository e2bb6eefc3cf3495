// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { ApiError, get, onSignedOut, remove } from './api/client';
import { HelpKeys, Palette, type Place } from './parts/Palette';
import { SearchBox } from './parts/SearchBox';
import { useKeys } from './parts/keys';
import { fetchAhead, later } from './parts/later';
import { Toasts, say, undoLast } from './parts/toasts';
import { setLanguage, t, useLanguage, day } from './words/words';
import { SignIn } from './screens/SignIn';
import { Me, MeContext } from './me';

const Inbox = later(() => import('./screens/Inbox'));
const Account = later(() => import('./screens/Account'));
const Reads = later(() => import('./screens/Reads'));
const Accounts = later(() => import('./screens/Accounts'));
const Meters = later(() => import('./screens/Meters'));
const Import = later(() => import('./screens/Import'));
const ImportedFile = later(() => import('./screens/ImportedFile'));
const Meter = later(() => import('./screens/Meter'));
const Cases = later(() => import('./screens/Cases'));
const Case = later(() => import('./screens/Case'));
const HeadEnd = later(() => import('./screens/HeadEnd'));
const Routes = later(() => import('./screens/Routes'));
const ReadRoute = later(() => import('./screens/ReadRoute'));
const Bill = later(() => import('./screens/Bill'));
const Runs = later(() => import('./screens/Runs'));
const Register = later(() => import('./screens/Register'));
const Payments = later(() => import('./screens/Payments'));
const Schedules = later(() => import('./screens/Schedules'));
const StudyTariff = later(() => import('./screens/StudyTariff'));
const Schedule = later(() => import('./screens/Schedule'));
const CompareSchedules = later(() => import('./screens/CompareSchedules'));
const Reports = later(() => import('./screens/Reports'));
const Admin = later(() => import('./screens/Admin'));
const Profile = later(() => import('./screens/Profile'));
const Password = later(() => import('./screens/Password'));

const idleMinutes = 30;

/** Two minutes before a session that rests ends, it is said; any click or key keeps it. */
function useRestWarning(on: boolean) {
  const last = useRef(Date.now());
  useEffect(() => {
    if (!on) return;
    let warned = false;
    const touch = () => {
      // The server counts from requests: work that asks nothing is told to it.
      if (Date.now() - last.current > 5 * 60_000) void get('/v1/me').catch(() => undefined);
      last.current = Date.now();
      warned = false;
    };
    const timer = setInterval(() => {
      if (!warned && Date.now() - last.current > (idleMinutes - 2) * 60_000) {
        warned = true;
        say(t('session.ends_soon'), { bad: true });
      }
    }, 10_000);
    document.addEventListener('keydown', touch);
    document.addEventListener('pointerdown', touch);
    return () => {
      clearInterval(timer);
      document.removeEventListener('keydown', touch);
      document.removeEventListener('pointerdown', touch);
    };
  }, [on]);
}

/** Says it when a job that was under way has ended. */
function JobNotices() {
  const jobs = useQuery({
    queryKey: ['jobs', 'all'],
    queryFn: () => get('/v1/jobs', { query: { all: true, limit: 200 } }),
    refetchInterval: 15_000,
  });
  const open = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!jobs.data) return;
    const now = new Set(jobs.data.items.filter((job) => job.state === 'open').map((job) => job.job));
    for (const job of jobs.data.items) {
      if (open.current?.has(job.job) && job.state === 'done') {
        say(t('job.ended', { kind: job.kind }), { bad: job.parked > 0 });
      }
    }
    open.current = now;
  }, [jobs.data]);
  const underway = jobs.data?.items.filter((job) => job.state === 'open').length ?? 0;
  return underway > 0 ? (
    <Link className="button" href="/admin/jobs">
      {t('job.underway', { n: underway })}
    </Link>
  ) : null;
}

function usePlaces(me: Me | undefined): Place[] {
  const language = useLanguage();
  return useMemo(() => {
    const may = (permission: string) => me?.permissions.includes(permission) ?? false;
    const all: (Place | false)[] = [
      may('work.view') && { href: '/inbox', label: t('nav.inbox'), keys: 'g i' },
      may('work.view') && { href: '/reads', label: t('nav.reads'), keys: 'g l' },
      may('bill.view') && { href: '/accounts', label: t('nav.accounts'), keys: 'g a' },
      may('file.import') && { href: '/import', label: t('nav.import'), keys: 'g f' },
      may('meter.change') && { href: '/meters', label: t('nav.meters'), keys: 'g m' },
      may('meter.ask') && { href: '/head-end', label: t('nav.head_end'), keys: 'g h' },
      may('work.view') && { href: '/cases', label: t('nav.cases'), keys: 'g c' },
      may('route.walk') && { href: '/routes', label: t('nav.routes'), keys: 'g w' },
      may('bill.view') && { href: '/runs', label: t('nav.runs'), keys: 'g r' },
      may('bill.view') && { href: '/register', label: t('nav.register'), keys: 'g b' },
      may('bill.view') && { href: '/payments', label: t('nav.payments'), keys: 'g p' },
      may('bill.view') && { href: '/schedules', label: t('nav.schedules'), keys: 'g s' },
      may('report.run') && { href: '/reports', label: t('nav.reports'), keys: 'g o' },
      (may('work.view') || may('user.view')) && { href: '/admin', label: t('nav.admin'), keys: 'g d' },
    ];
    return all.filter((place): place is Place => place !== false);
    // The labels are those of the language.
  }, [me, language]);
}

/** What is of the person and not of the work: language, profile, the way out. */
function PersonMenu({ name, onSignOut }: { name: string; onSignOut: () => void }) {
  const language = useLanguage();
  const menu = useRef<HTMLDetailsElement>(null);
  const [location] = useLocation();
  const close = () => menu.current?.removeAttribute('open');
  useEffect(close, [location]);
  return (
    <details
      className="person"
      ref={menu}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        close();
        menu.current?.querySelector('summary')?.focus();
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) close();
      }}
    >
      <summary>{name}</summary>
      <div>
        <button type="button" className="quiet" onClick={() => setLanguage(language === 'en' ? 'es' : 'en')} lang={language === 'en' ? 'es' : 'en'}>
          {language === 'en' ? 'Español' : 'English'}
        </button>
        <Link href="/me" className="button quiet">
          {t('nav.profile')}
        </Link>
        <button type="button" className="quiet" onClick={onSignOut}>
          {t('nav.sign_out')}
        </button>
      </div>
    </details>
  );
}

function Frame({ me }: { me: Me }) {
  const language = useLanguage();
  const [location, navigate] = useLocation();
  const [over, setOver] = useState<'palette' | 'keys' | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const client = useQueryClient();
  const places = usePlaces(me);
  const main = useRef<HTMLElement>(null);
  useEffect(() => void fetchAhead(), []);
  useKeys([
    { keys: '/', label: 'key.search', run: () => search.current?.focus() },
    { keys: 'Ctrl-k', label: 'key.palette', run: () => setOver('palette') },
    { keys: '?', label: 'key.help', run: () => setOver('keys') },
    { keys: 'Ctrl-z', label: 'key.undo', run: undoLast },
    ...places.map((place) => ({ keys: place.keys, label: 'key.go' as const, run: () => navigate(place.href) })),
  ]);
  useEffect(() => {
    const place = places.find((one) => location.startsWith(one.href));
    document.title = place ? `${place.label} · Watthour` : 'Watthour';
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, [location, places]);
  const commands = [
    ...places.map((place) => ({ label: place.label, hint: place.keys, run: () => navigate(place.href) })),
    { label: t('payments.counter'), hint: '', run: () => navigate('/payments?tab=counter') },
    { label: t('payments.file'), hint: '', run: () => navigate('/import') },
    { label: t('payments.day'), hint: '', run: () => navigate('/payments?tab=day') },
    { label: t('admin.approvals'), hint: '', run: () => navigate('/admin/approvals') },
    { label: t('admin.jobs'), hint: '', run: () => navigate('/admin/jobs') },
    { label: t('admin.audit'), hint: '', run: () => navigate('/admin/audit') },
    { label: t('admin.health'), hint: '', run: () => navigate('/admin/health') },
    { label: t('nav.profile'), hint: '', run: () => navigate('/me') },
    { label: language === 'en' ? 'Español' : 'English', hint: '', run: () => setLanguage(language === 'en' ? 'es' : 'en') },
    { label: t('nav.sign_out'), hint: '', run: () => void signOut() },
  ];
  const signOut = async () => {
    await remove('/v1/sessions/current').catch(() => undefined);
    client.clear();
    navigate('/');
  };
  return (
    <>
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <header className="top">
        <Link className="brand" href="/inbox">
          Watthour
        </Link>
        <nav aria-label={t('nav.main')}>
          {places.map((place) => (
            <Link key={place.href} href={place.href} className={location.startsWith(place.href) ? 'here' : ''} aria-current={location.startsWith(place.href) ? 'page' : undefined}>
              {place.label}
            </Link>
          ))}
        </nav>
        <SearchBox input={search} />
        <span className="spring" />
        {me.permissions.includes('work.view') && <JobNotices />}
        <span className="quiet-text wide-only" title={t('nav.business_date')}>
          {day(me.business_date)}
        </span>
        <PersonMenu name={me.full_name} onSignOut={() => void signOut()} />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
          <Switch>
            <Route path="/">
              <Redirect to={places[0]?.href ?? '/me'} />
            </Route>
            <Route path="/inbox">{() => <Inbox />}</Route>
            <Route path="/reads">{() => <Reads />}</Route>
            <Route path="/accounts">{() => <Accounts />}</Route>
            <Route path="/accounts/:account">{({ account }) => <Account key={account} account={account} />}</Route>
            <Route path="/accounts/:account/schedules">{({ account }) => <CompareSchedules key={account} account={account} />}</Route>
            <Route path="/bills/:bill">{({ bill }) => <Bill key={bill} number={bill} />}</Route>
            <Route path="/import">{() => <Import />}</Route>
            <Route path="/import/:file">{({ file }) => <ImportedFile key={file} file={file} />}</Route>
            <Route path="/meters">{() => <Meters />}</Route>
            <Route path="/meters/:serial">{({ serial }) => <Meter key={serial} serial={serial} />}</Route>
            <Route path="/cases">{() => <Cases />}</Route>
            <Route path="/cases/:number">{({ number }) => <Case key={number} number={number} />}</Route>
            <Route path="/head-end">{() => <HeadEnd />}</Route>
            <Route path="/routes">{() => <Routes />}</Route>
            <Route path="/routes/:route">{({ route }) => <ReadRoute key={route} route={route} />}</Route>
            <Route path="/runs">{() => <Runs />}</Route>
            <Route path="/register">{() => <Register />}</Route>
            <Route path="/payments">{() => <Payments />}</Route>
            <Route path="/tariff-sets/:hash">{({ hash }) => <StudyTariff key={hash} hash={hash} />}</Route>
            <Route path="/schedules">{() => <Schedules />}</Route>
            <Route path="/schedules/:schedule">{({ schedule }) => <Schedule key={schedule} schedule={schedule} />}</Route>
            <Route path="/reports">{() => <Reports />}</Route>
            <Route path="/admin">
              <Redirect to="/admin/approvals" />
            </Route>
            <Route path="/admin/:section">{({ section }) => <Admin key={section} section={section} />}</Route>
            <Route path="/me">{() => <Profile />}</Route>
            <Route>
              <p className="state">{t('state.no_page')}</p>
            </Route>
          </Switch>
      </main>
      {over === 'palette' && <Palette commands={commands} onClose={() => setOver(null)} />}
      {over === 'keys' && <HelpKeys onClose={() => setOver(null)} />}
    </>
  );
}

export function App() {
  const language = useLanguage();
  const [location] = useLocation();
  const client = useQueryClient();
  const [again, setAgain] = useState(false);
  const before = useRef(language);
  // What the server told in the other language is asked anew.
  useEffect(() => {
    if (before.current !== language) void client.invalidateQueries();
    before.current = language;
  }, [language, client]);
  const me = useQuery({ queryKey: ['me'], queryFn: () => get('/v1/me'), staleTime: 60_000 });
  useEffect(() => onSignedOut(() => setAgain(true)), []);
  useRestWarning(me.data !== undefined);
  const entered = () => {
    setAgain(false);
    void client.invalidateQueries();
    void me.refetch();
  };
  if (location.startsWith('/password/')) {
    return <Password link={location.slice('/password/'.length)} />;
  }
  if (!me.data) {
    const status = me.error instanceof ApiError ? me.error.problem.status : undefined;
    if (status === 401) return <SignIn onEntered={entered} />;
    if (me.error) return <p className="state">{t('problem.network')}</p>;
    return <p className="state" aria-busy="true">{t('state.loading')}</p>;
  }
  return (
    <MeContext.Provider value={me.data}>
      <Frame me={me.data} />
      {/* What was typed stays behind the dialog. */}
      {again && <SignIn over user={me.data.user} onEntered={entered} />}
      <Toasts />
    </MeContext.Provider>
  );
}
