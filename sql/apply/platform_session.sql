-- SPDX-License-Identifier: MIT
-- Ledger 0: signing in and out. The service has compared the password already, by the hash that
-- api.sign_in_begin gave it; here is decided what follows from it. Failures are refusals that leave
-- their count behind.

-- What failures are counted by: a digest, since a password may have been typed as the name.
create or replace function gate.subject_of(p_text text) returns bytea
language sql immutable as $$
  select substr(sha256(convert_to(lower(p_text), 'UTF8')), 1, 16)
$$;

-- How long after so many failures in a row nobody is let try again: half a minute, then twice as
-- long each time, at most a quarter of an hour. An address stands for many people.
create or replace function gate.lock_after(p_kind text, p_failures int) returns interval
language sql immutable as $$
  select case when p_failures >= free then
    least(interval '30 seconds' * (2 ^ least(p_failures - free, 10)), interval '15 minutes') end
  from (select case p_kind when 'user' then 5 when 'address' then 30 end) as x (free)
$$;

-- Seconds until this user or address may try again; 0: now. Failures of an hour ago are forgotten.
create or replace function gate.locked_for(p_user bytea, p_address bytea, p_wall timestamptz) returns int
language sql stable as $$
  select coalesce(ceil(extract(epoch from max(f.locked_until) - p_wall))::int, 0)
  from gate.sign_in_failure f
  where ((f.kind = 'user' and f.subject = p_user) or (f.kind = 'address' and f.subject = p_address))
    and f.locked_until > p_wall
$$;

create or replace function gate.locked_out(p_user bytea, p_address bytea, p_wall timestamptz)
returns gate.answer
language sql stable as $$
  select row(
    null, 'locked_out', null, null,
    jsonb_build_object('retry_after_s', gate.locked_for(p_user, p_address, p_wall))::text, false
  )::gate.answer
$$;

-- Counts one failure. The row as it is then; told anew when a minute has passed or it locks, so that
-- guessing does not fill the ledger.
create or replace function gate.failure_count(p_kind text, p_subject bytea, p_wall timestamptz)
returns gate.sign_in_failure
language plpgsql as $$
declare
  counted gate.sign_in_failure;
begin
  insert into gate.sign_in_failure as f (kind, subject, failures, untold, last_at)
  values (p_kind, p_subject, 1, 1, p_wall)
  on conflict (kind, subject) do update
  set failures = case when f.last_at < p_wall - interval '1 hour' then 1 else f.failures + 1 end,
    untold = f.untold + 1,
    last_at = p_wall
  returning * into counted;
  update gate.sign_in_failure f
  set locked_until = p_wall + gate.lock_after(f.kind, f.failures)
  where f.kind = p_kind and f.subject = p_subject
  returning * into counted;
  return counted;
end $$;

-- The event of a failure, at most one a minute of a kind and subject beside those that lock.
create or replace function gate.failure_tell(
  p_command gate.command, p_failure gate.sign_in_failure, p_type text, p_public jsonb, p_private jsonb,
  p_firm int)
returns void
language plpgsql as $$
declare
  wall timestamptz := gate.wall_of(p_command);
begin
  if p_failure.told_at > wall - interval '1 minute' and p_failure.locked_until is null then
    return;
  end if;
  perform gate.platform_note(
    p_command, p_type, null, p_public || jsonb_build_object('failures', p_failure.untold), p_private, p_firm);
  update gate.sign_in_failure f
  set told_at = wall, untold = 0
  where f.kind = p_failure.kind and f.subject = p_failure.subject;
end $$;

-- Counts what failed for the name and for the address, and tells of it. p_holder: null for a name
-- that nobody has; all of those are told as one.
create or replace function gate.sign_in_missed(
  p_command gate.command, p_holder gate.user_account, p_user bytea, p_address bytea)
returns void
language plpgsql as $$
declare
  wall timestamptz := gate.wall_of(p_command);
  failure gate.sign_in_failure := gate.failure_count('user', p_user, wall);
  seen jsonb := jsonb_strip_nulls(jsonb_build_object('address', p_command.args -> 'address'));
begin
  if p_holder.id is null then
    failure := gate.failure_count('unknown', ''::bytea, wall);
    perform gate.failure_tell(p_command, failure, 'sign_in_failed', '{"user":null}', seen, null);
  else
    perform gate.failure_tell(
      p_command, failure, case when failure.locked_until is null then 'sign_in_failed' else 'user_locked' end,
      jsonb_build_object('user', p_holder.id), seen, gate.firm_of_user(p_holder));
  end if;
  if p_address is not null then
    failure := gate.failure_count('address', p_address, wall);
    if failure.locked_until is not null then
      perform gate.failure_tell(p_command, failure, 'address_locked', '{}', seen, null);
    end if;
  end if;
end $$;

-- How long a session lasts in all, and unused. A shift at a gate is worked through; others sit
-- before machines that they leave.
create or replace function gate.session_terms(
  p_role text, out lasts interval, out idle_s int)
language sql immutable as $$
  select case when p_role = 'firm' then interval '24 hours' else interval '12 hours' end,
    case when p_role in ('firm', 'admin') then 1800 else 43200 end
$$;

-- Takes away by slices what nothing needs any more.
create or replace function gate.sessions_purge(p_wall timestamptz) returns void
language sql as $$
  delete from gate.session
  where id in (
    select id from gate.session where expires_at < p_wall - interval '30 days' order by expires_at limit 100
  );
  delete from gate.sign_in_failure
  where (kind, subject) in (
    select kind, subject from gate.sign_in_failure
    where last_at < p_wall - interval '1 day' order by last_at limit 100
  );
$$;

-- The PIN that was compared: one more failure of it, or none any more. After five it is taken away.
create or replace function gate.pin_judge(p_account int, p_device int, p_ok boolean) returns void
language sql as $$
  update gate.user_pin
  set wrong = case when p_ok then 0 else wrong + 1 end
  where account = p_account and device = p_device;
  delete from gate.user_pin where account = p_account and device = p_device and wrong >= 5;
$$;

-- The session of a user who gave the right secret. Twenty live ones of a user at most: the oldest go.
create or replace function gate.session_start(
  p_command gate.command, p_holder gate.user_account, p_role text)
returns bigint
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  wall timestamptz := gate.wall_of(p_command);
  version bigint := gate.sessions_next();
  terms record;
  started bigint;
begin
  select * into terms from gate.session_terms(p_role);
  if asked ? 'brief' then
    terms.lasts := interval '2 minutes';
  end if;
  update gate.session
  set ended_at = wall, changed = version
  where id in (
    select s.id from gate.session s
    where s.account = p_holder.id and s.ended_at is null and s.expires_at > wall
    order by s.id desc
    offset 19
  );
  insert into gate.session (hash, account, device, way, started_at, expires_at, idle_s, changed)
  values (
    decode(asked ->> 'hash', 'hex'), p_holder.id, (asked ->> 'device')::int, asked ->> 'way', wall,
    wall + terms.lasts, terms.idle_s, version)
  returning id into started;
  insert into gate.session_usage (session, last_used_at) values (started, wall);
  return started;
end $$;

-- {user, account?, ok, way, secret_at?: ms, hash: hex of the cookie, device?, address?, brief?, wall}
-- brief: for one act, two minutes.
-- account, secret_at, device: as api.sign_in_begin said; a secret that was changed meanwhile fails.
create or replace function gate.sign_in(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  wall timestamptz := gate.wall_of(p_command);
  by_name bytea := gate.subject_of(asked ->> 'user');
  by_address bytea := gate.subject_of(asked ->> 'address');
  holder gate.user_account;
  acting gate.principal;
  is_good boolean := (asked ->> 'ok')::boolean;
  started bigint;
begin
  if gate.locked_for(by_name, by_address, wall) > 0 then
    return gate.locked_out(by_name, by_address, wall);
  end if;
  perform gate.sessions_purge(wall);
  select * into holder from gate.user_account u where u.id = (asked ->> 'account')::int;
  select * into acting from gate.principal p where p.id = holder.principal;
  if asked ->> 'way' = 'pin' then
    perform gate.pin_judge(holder.id, (asked ->> 'device')::int, is_good);
  end if;
  is_good := is_good and holder.disabled_at is null and acting.disabled_at is null
    and (asked ->> 'secret_at')::bigint = gate.to_ms(coalesce(
      case when asked ->> 'way' = 'pin' then (
        select n.set_at from gate.user_pin n
        where n.account = holder.id and n.device = (asked ->> 'device')::int
      ) else holder.password_at end));
  if is_good is not true then
    perform gate.sign_in_missed(p_command, holder, by_name, by_address);
    return gate.platform_refusal('sign_in_failed');
  end if;

  p_command.actor := jsonb_build_object('id', holder.principal);
  delete from gate.sign_in_failure where kind = 'user' and subject = by_name;
  started := gate.session_start(p_command, holder, acting.role);
  perform gate.platform_note(
    p_command, 'signed_in', null,
    jsonb_strip_nulls(jsonb_build_object(
      'user', holder.id, 'session', started, 'way', asked -> 'way', 'device', asked -> 'device')),
    jsonb_strip_nulls(jsonb_build_object('login', holder.login, 'address', asked -> 'address')),
    acting.firm);
  return gate.platform_said(201, gate.session_json(started, wall));
end $$;

-- {account, session, everywhere?, wall}
create or replace function gate.sign_out(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  wall timestamptz := gate.wall_of(p_command);
  is_everywhere boolean := coalesce((asked ->> 'everywhere')::boolean, false);
  holder gate.user_account;
  ended bigint;
begin
  select * into holder from gate.user_account u where u.id = (asked ->> 'account')::int;
  if is_everywhere then
    ended := gate.sessions_end(wall, null, holder.id, null, null);
  else
    update gate.session s
    set ended_at = wall, changed = gate.sessions_next()
    where s.id = (asked ->> 'session')::bigint and s.ended_at is null;
    get diagnostics ended = row_count;
  end if;
  if ended > 0 then
    perform gate.platform_note(
      p_command, 'signed_out', null,
      jsonb_build_object('user', holder.id, 'session', (asked ->> 'session')::bigint, 'sessions', ended),
      '{}', gate.firm_of_user(holder));
  end if;
  return gate.platform_said(200, jsonb_build_object('ended', ended));
end $$;

-- What a browser is told of its session; the service adds the token against forged requests.
create or replace function gate.session_json(p_session bigint, p_wall timestamptz) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'user', jsonb_build_object('id', u.id, 'name', u.name, 'user', u.login),
    'principal', p.id,
    'role', p.role,
    'agency', p.agency,
    'firm', case when f.id is not null then
      jsonb_build_object('id', f.id, 'tax_code', f.tax_code, 'name', f.name) end,
    'gates', (
      select coalesce(jsonb_agg(g.code order by g.number), '[]')
      from gate.gate g
      where p.role = 'firm' or g.number = any (p.gates)
    ),
    'way', s.way,
    'device', (select d.name from gate.device d where d.id = s.device),
    'must_change', u.must_change,
    'expires_at', gate.instant(least(s.expires_at, p_wall + s.idle_s * interval '1 second'))::jsonb)
  from gate.session s
  join gate.user_account u on u.id = s.account
  join gate.principal p on p.id = u.principal
  left join gate.firm f on f.id = p.firm
  where s.id = p_session
$$;
