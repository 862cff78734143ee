-- SPDX-License-Identifier: MIT
-- Firms, officers, keys. Names and tax codes go into the private part of the event; nobody's row is
-- ever deleted, so that a ledger of years ago still says who it was.

-- {tax_code, name}: the firm and the principal that acts for it.
create or replace function gate.firm_add(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  added gate.firm;
  acting int;
begin
  insert into gate.firm (tax_code, name, created_at)
  values (asked ->> 'tax_code', asked ->> 'name', p_command.at)
  on conflict (tax_code) do nothing
  returning * into added;
  if added.id is null then
    return gate.platform_refusal('already_exists', '/tax_code');
  end if;

  -- its gates stay empty: a firm may go through every gate, also one that opens later
  insert into gate.principal (role, firm, name, created_at)
  values ('firm', added.id, added.name, p_command.at)
  returning id into acting;

  perform gate.platform_note(
    p_command, 'firm_added', 'principals',
    jsonb_build_object('firm', added.id, 'principal', acting),
    jsonb_build_object('tax_code', added.tax_code, 'name', added.name), added.id);
  return gate.platform_said(201, jsonb_build_object('firm', gate.firm_json(added)));
end $$;

-- {firm or tax_code, reason?}: none of its keys opens anything from now on.
create or replace function gate.firm_disable(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  found_firm gate.firm;
begin
  select * into found_firm
  from gate.firm f
  where f.id = (asked ->> 'firm')::int or f.tax_code = asked ->> 'tax_code';
  if found_firm.id is null then
    return gate.platform_refusal('not_found');
  end if;
  if found_firm.disabled_at is null then
    update gate.firm set disabled_at = p_command.at where id = found_firm.id returning * into found_firm;
    update gate.principal set disabled_at = p_command.at where firm = found_firm.id and disabled_at is null;
    perform gate.sessions_end(p_command.at, p.id, null, null, null)
    from gate.principal p
    where p.firm = found_firm.id;
    perform gate.platform_note(
      p_command, 'firm_disabled', 'principals',
      jsonb_build_object('firm', found_firm.id),
      jsonb_build_object('reason', asked ->> 'reason'), found_firm.id);
  end if;
  return gate.platform_said(200, jsonb_build_object('firm', gate.firm_json(found_firm)));
end $$;

-- {name, role, agency?, gates: [codes]}: an officer, a system, an operator, supervisor or admin.
create or replace function gate.officer_add(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  wanted jsonb := coalesce(asked -> 'gates', '[]');
  numbers smallint[];
  added gate.principal;
begin
  if asked ->> 'role' = 'firm' then
    return gate.platform_refusal('invalid_fields', '/role', 'unknown_value');
  end if;
  select coalesce(array_agg(g.number order by g.number), '{}') into numbers
  from gate.gate g
  where wanted ? g.code;
  if cardinality(numbers) <> jsonb_array_length(wanted) then
    return gate.platform_refusal('invalid_fields', '/gates', 'unknown_value');
  end if;

  insert into gate.principal (role, agency, gates, name, created_at)
  values (asked ->> 'role', asked ->> 'agency', numbers, asked ->> 'name', p_command.at)
  returning * into added;

  perform gate.platform_note(
    p_command, 'officer_added', 'principals',
    jsonb_build_object(
      'principal', added.id, 'role', added.role, 'agency', added.agency, 'gates', wanted),
    jsonb_build_object('name', added.name));
  return gate.platform_said(201, jsonb_build_object('officer', gate.officer_json(added)));
end $$;

-- {officer, reason?}
create or replace function gate.officer_disable(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  officer gate.principal;
begin
  -- principal 0 is the command line itself: it has no key that could be taken away
  select * into officer
  from gate.principal p
  where p.id = (asked ->> 'officer')::int and p.role <> 'firm' and p.id > 0;
  if officer.id is null then
    return gate.platform_refusal('not_found');
  end if;
  if officer.disabled_at is null then
    update gate.principal set disabled_at = p_command.at where id = officer.id returning * into officer;
    perform gate.sessions_end(p_command.at, officer.id, null, null, null);
    perform gate.platform_note(
      p_command, 'officer_disabled', 'principals',
      jsonb_build_object('principal', officer.id),
      jsonb_build_object('reason', asked ->> 'reason'));
  end if;
  return gate.platform_said(200, jsonb_build_object('officer', gate.officer_json(officer)));
end $$;

-- {principal or tax_code}: who shall have a key or a user; null: nobody who may.
create or replace function gate.holder_asked(p_asked jsonb) returns gate.principal
language sql stable as $$
  select p
  from gate.principal p
  left join gate.firm f on f.id = p.firm
  where (p.id = (p_asked ->> 'principal')::int or f.tax_code = p_asked ->> 'tax_code')
    and p.disabled_at is null and p.id > 0
  order by p.id
  limit 1
$$;

-- {principal or tax_code, prefix, hash: hex, device?, expires_at?: ms}. The caller made the key and
-- keeps its text; here arrives only the hash. Two live keys at most, so that one can be rotated
-- without a gap and a third has to be revoked first.
create or replace function gate.key_issue(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  holder gate.principal := gate.holder_asked(asked);
  issued gate.api_key;
begin
  if holder.id is null then
    return gate.platform_refusal('not_found');
  end if;
  if 2 <= (
    select count(*)
    from gate.api_key k
    where k.principal = holder.id
      and k.revoked_at is null
      and coalesce(k.expires_at > p_command.at, true)
  ) then
    return gate.platform_refusal('keys_full');
  end if;

  insert into gate.api_key (principal, prefix, hash, device, issued_at, expires_at)
  values (
    holder.id, asked ->> 'prefix', decode(asked ->> 'hash', 'hex'), asked ->> 'device', p_command.at,
    gate.from_ms((asked ->> 'expires_at')::bigint))
  returning * into issued;

  perform gate.platform_note(
    p_command, 'key_issued', 'principals',
    jsonb_build_object('key', issued.id, 'principal', holder.id, 'device', issued.device),
    jsonb_build_object('prefix', issued.prefix), holder.firm);
  return gate.platform_said(201, jsonb_build_object('key', gate.key_json(issued, null)));
end $$;

-- {key, principal?, reason?}; principal: only a key of theirs, as firms may take back their own.
create or replace function gate.key_revoke(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  revoked gate.api_key;
  owner_firm int;
begin
  select * into revoked
  from gate.api_key k
  where k.id = (asked ->> 'key')::int
    and k.principal = coalesce((asked ->> 'principal')::int, k.principal);
  if revoked.id is null then
    return gate.platform_refusal('not_found');
  end if;
  if revoked.revoked_at is null then
    update gate.api_key set revoked_at = p_command.at where id = revoked.id returning * into revoked;
    select firm into owner_firm from gate.principal where id = revoked.principal;
    perform gate.platform_note(
      p_command, 'key_revoked', 'principals',
      jsonb_build_object('key', revoked.id, 'principal', revoked.principal),
      jsonb_build_object('reason', asked ->> 'reason'), owner_firm);
  end if;
  return gate.platform_said(200, jsonb_build_object('key', gate.key_json(revoked, null)));
end $$;

-- How people and keys are shown; never a hash.

create or replace function gate.firm_json(p_firm gate.firm) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'id', p_firm.id, 'tax_code', p_firm.tax_code, 'name', p_firm.name,
    'principal', (select min(p.id) from gate.principal p where p.firm = p_firm.id),
    'created_at', gate.instant(p_firm.created_at)::jsonb,
    'disabled_at', gate.instant(p_firm.disabled_at)::jsonb)
$$;

create or replace function gate.officer_json(p_officer gate.principal) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'id', p_officer.id, 'name', p_officer.name, 'role', p_officer.role, 'agency', p_officer.agency,
    'gates', (
      select coalesce(jsonb_agg(g.code order by g.number), '[]')
      from gate.gate g
      where g.number = any (p_officer.gates)
    ),
    'created_at', gate.instant(p_officer.created_at)::jsonb,
    'disabled_at', gate.instant(p_officer.disabled_at)::jsonb)
$$;

create or replace function gate.key_json(p_key gate.api_key, p_last_used_at timestamptz)
returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'id', p_key.id, 'principal', p_key.principal,
    'holder', (select p.name from gate.principal p where p.id = p_key.principal), 'prefix', p_key.prefix, 'device', p_key.device,
    'issued_at', gate.instant(p_key.issued_at)::jsonb,
    'expires_at', gate.instant(p_key.expires_at)::jsonb,
    'revoked_at', gate.instant(p_key.revoked_at)::jsonb,
    'last_used_at', gate.instant(p_last_used_at)::jsonb)
$$;
