-- SPDX-License-Identifier: MIT
-- Who may try to sign in, and when again. Three counts of failures, each of which locks for half a
-- minute, then twice as long each time, at most a quarter of an hour:
--
--   pair     a name at an address: after 5 in a row, which a success or an hour forgets. Whoever guesses
--            locks himself out and nobody else.
--   user     a name everywhere: after 50, of which one is forgotten each quarter of an hour, so that many
--            addresses guess no faster than that. It does not hold where the name signed in within 30
--            days: nobody locks people out of their own office.
--   address  whatever the names: after 30, of which one is forgotten each minute. An office behind one
--            address types wrong that often without noticing; who tries a password with all names does.
--
-- How fast attempts may follow each other at all, right or wrong, is the servers' (services/gated/limits.c).

-- A digest, since a password may have been typed as the name.
create or replace function gate.subject_of(p_text text) returns bytea
language sql immutable as $$
  select substr(sha256(convert_to(lower(p_text), 'UTF8')), 1, 16)
$$;

-- What counts as one address: of IPv6 the /64, of which one customer has all (RFC 6177).
create or replace function gate.network_of(p_address text) returns text
language sql immutable as $$
  select case when p_address like '%:%' and p_address not like '::ffff:%'
    then host(network(set_masklen(p_address::inet, 64))) else p_address end
$$;

-- A name at an address; where that is not told, at none.
create or replace function gate.subject_of(p_user text, p_address text) returns bytea
language sql immutable as $$
  select gate.subject_of(p_user) || coalesce(gate.subject_of(gate.network_of(p_address)), '')
$$;

-- What a name at an address is counted as.
create or replace function gate.subjects_of(p_who bytea, out kind text, out subject bytea) returns setof record
language sql immutable as $$
  values ('pair', p_who), ('user', substr(p_who, 1, 16)), ('address', nullif(substr(p_who, 17), ''))
$$;

create or replace function gate.lock_after(p_kind text, p_failures real) returns interval
language sql immutable as $$
  select case when p_failures >= free then
    least(interval '30 seconds' * (2 ^ least(floor(p_failures) - free, 10)), interval '15 minutes') end
  from (select case p_kind when 'pair' then 5 when 'user' then 50 when 'address' then 30 end) as x (free)
$$;

-- How many of so many failures are left after a while.
create or replace function gate.failures_left(p_kind text, p_failures real, p_since interval) returns real
language sql immutable as $$
  select case p_kind
    when 'user' then greatest(0, p_failures - extract(epoch from p_since) / 900)
    when 'address' then greatest(0, p_failures - extract(epoch from p_since) / 60)
    else case when p_since > interval '1 hour' then 0 else p_failures end
  end::real
$$;

-- Seconds until this name may try again from this address; 0: now.
create or replace function gate.locked_for(p_who bytea, p_wall timestamptz) returns int
language sql stable as $$
  select coalesce(ceil(extract(epoch from max(f.locked_until) - p_wall))::int, 0)
  from gate.subjects_of(p_who) s
  join gate.sign_in_failure f using (kind, subject)
  where f.locked_until > p_wall
    and not (f.kind = 'user' and exists (
      select from gate.sign_in_known k where k.pair = p_who and k.last_at > p_wall - interval '30 days'))
$$;

create or replace function gate.locked_out(p_who bytea, p_wall timestamptz) returns gate.answer
language sql stable as $$
  select row(
    null, 'locked_out', null, null,
    jsonb_build_object('retry_after_s', gate.locked_for(p_who, p_wall))::text, false
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
  set failures = gate.failures_left(f.kind, f.failures, p_wall - f.last_at) + 1,
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

-- Counts what failed and tells of it. p_holder: null for a name that nobody has; all of those are told
-- as one.
create or replace function gate.sign_in_missed(p_command gate.command, p_holder gate.user_account, p_who bytea)
returns void
language plpgsql as $$
declare
  wall timestamptz := gate.wall_of(p_command);
  seen jsonb := jsonb_strip_nulls(jsonb_build_object('address', p_command.args -> 'address'));
  here gate.sign_in_failure := gate.failure_count('pair', p_who, wall);
  everywhere gate.sign_in_failure := gate.failure_count('user', substr(p_who, 1, 16), wall);
  address gate.sign_in_failure;
begin
  if p_holder.id is null then
    perform gate.failure_tell(
      p_command, gate.failure_count('unknown', ''::bytea, wall), 'sign_in_failed', '{"user":null}', seen, null);
  else
    perform gate.failure_tell(
      p_command, here,
      case when here.locked_until is null and everywhere.locked_until is null then 'sign_in_failed' else 'user_locked' end,
      jsonb_build_object('user', p_holder.id), seen, gate.firm_of_user(p_holder));
  end if;
  if length(p_who) > 16 then
    address := gate.failure_count('address', substr(p_who, 17), wall);
    if address.locked_until is not null then
      perform gate.failure_tell(p_command, address, 'address_locked', '{}', seen, null);
    end if;
  end if;
end $$;

-- The right secret from there.
create or replace function gate.sign_in_met(p_who bytea, p_wall timestamptz) returns void
language sql as $$
  delete from gate.sign_in_failure where kind = 'pair' and subject = p_who;
  insert into gate.sign_in_known (pair, last_at) values (p_who, p_wall)
  on conflict (pair) do update set last_at = excluded.last_at;
$$;

-- A secret that is new: what was guessed before has no weight any more.
create or replace function gate.failures_forget(p_user text) returns void
language sql as $$
  delete from gate.sign_in_failure
  where kind in ('pair', 'user') and substr(subject, 1, 16) = gate.subject_of(p_user)
$$;
