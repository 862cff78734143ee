-- SPDX-License-Identifier: MIT
-- The published rules: procedures, credits, windows, reference data, pass keys. A rule is never
-- changed: a new version takes effect at a time that has not passed yet, so that every decision of
-- the past stays explainable by the version it names.

-- The time a rule is to take effect: as asked, or now. Null when it lies in the past.
create or replace function gate.effective_from(p_asked jsonb, p_now timestamptz)
returns timestamptz
language sql immutable as $$
  select case
    when p_asked ->> 'effective_from' is null then p_now
    when gate.from_ms((p_asked ->> 'effective_from')::bigint) >= p_now
    then gate.from_ms((p_asked ->> 'effective_from')::bigint)
  end
$$;

-- The mask of an array of step codes; null when it names one that does not exist.
create or replace function gate.step_mask(p_codes jsonb) returns int
language sql stable as $$
  select case
    when count(s.bit) = jsonb_array_length(coalesce(p_codes, '[]'))
    then coalesce(sum(1 << s.bit), 0)::int
  end
  from gate.step s
  where coalesce(p_codes, '[]') ? s.code
$$;

-- The steps of one kind of crossing that come free beside what is done; p_required: all it may need.
create or replace function gate.steps_reached(k gate.procedure_kind, p_required int, p_done int, p_across gate.across) returns int
language sql stable as $$
  select p_done | coalesce(bit_or(1 << b), 0)
  from generate_series(0, 15) b
  where p_required & (1 << b) <> 0 and gate.missing_for(k, b, p_required, p_done, p_across) = 0
    -- it is called out of the queue
    and (1 << b <> gate.bit_called() or p_done & k.joins <> 0 and p_done & gate.bit_yard_in() <> 0)
$$;

-- The steps that no crossing could ever do, as "import main exit": in a circle, behind a step that
-- nobody has, or an exit that is missing. Empty: whoever goes on comes out.
create or replace function gate.procedure_stuck(p_version int) returns text[]
language plpgsql stable as $$
declare
  d gate.direction;
  kinds gate.procedure_kind[];
  need int[];
  done int[];
  was int[];
  across gate.across;
  stuck text[] := '{}';
begin
  foreach d in array enum_range(null::gate.direction) loop
    kinds := array(select k from gate.procedure_kind k where k.version = p_version and k.direction = d order by k.role);
    need := array(select k.always | k.perishable | k.frozen_live | k.inspected | k.receiving from unnest(kinds) k);
    done := array_fill(0, array[2]);
    was := null;
    while done is distinct from was loop
      was := done;
      -- main stands before receiving; what is not needed counts as done
      across := row(done[2], done[2] | ~need[2], done[1], done[1] | ~need[1], cardinality(kinds) - 1);
      for i in 1 .. cardinality(kinds) loop
        done[i] := gate.steps_reached(kinds[i], need[i], done[i], across);
      end loop;
    end loop;
    stuck := stuck || array(
      select concat_ws(' ', d, r.role, s.code)
      from unnest(case d when 'import' then '{main,receiving}' else '{main}' end::text[]) with ordinality as r (role, i)
      join gate.step s on (coalesce(need[r.i], 0) | gate.bit_exit()) & ~done[r.i] & (1 << s.bit) <> 0
      order by r.role, s.bit);
  end loop;
  return stuck;
end $$;

-- Which steps are given twice, as errors; null: none.
create or replace function gate.steps_twice(p_steps jsonb) returns jsonb
language sql immutable as $$
  select jsonb_agg(jsonb_build_object('pointer', '/steps/' || i - 1, 'code', 'duplicate', '@text', 'duplicate') order by i)
  from (
    select i, row_number() over (partition by s ->> 'role', s ->> 'direction', s ->> 'step' order by i) as nth
    from jsonb_array_elements(p_steps) with ordinality x (s, i)
  ) x
  where nth > 1
$$;

-- {effective_from?, note, steps: [{role, direction, step, needed, joins?, own?, any_receiving?,
-- all_receiving?, any_main?, every_main?}]}: the whole procedure; masks are arrays of step codes.
create or replace function gate.procedure_add(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  starts timestamptz := gate.effective_from(asked, p_command.at);
  new_version int;
  stuck text[];
begin
  if starts is null then
    return gate.platform_refusal('effective_past', '/effective_from');
  end if;
  if not exists (
    select from jsonb_array_elements(asked -> 'steps') s where (s ->> 'joins')::boolean
  ) then
    return gate.platform_refusal('invalid_fields', '/steps', 'procedure_stuck');
  elsif gate.steps_twice(asked -> 'steps') is not null then
    return gate.refused(null, 'invalid_fields', jsonb_build_object('errors', gate.steps_twice(asked -> 'steps')));
  end if;

  insert into gate.procedure (version, effective_from, note)
  select max(version) + 1, starts, asked ->> 'note'
  from gate.procedure
  returning version into new_version;

  insert into gate.procedure_step (
    version, role, direction, bit, needed, joins,
    own, any_receiving, all_receiving, any_main, every_main)
  select
    new_version, s ->> 'role', (s ->> 'direction')::gate.direction,
    (select bit from gate.step where code = s ->> 'step'), s ->> 'needed',
    coalesce((s ->> 'joins')::boolean, false),
    gate.step_mask(s -> 'own'), gate.step_mask(s -> 'any_receiving'),
    gate.step_mask(s -> 'all_receiving'), gate.step_mask(s -> 'any_main'),
    gate.step_mask(s -> 'every_main')
  from jsonb_array_elements(asked -> 'steps') s;
  stuck := gate.procedure_stuck(new_version);
  if stuck <> '{}' then
    delete from gate.procedure_kind where version = new_version;
    delete from gate.procedure_step where version = new_version;
    delete from gate.procedure where version = new_version;
    return gate.refused(null, 'invalid_fields', jsonb_build_object('errors', jsonb_build_array(jsonb_build_object(
      'pointer', '/steps', 'code', 'procedure_stuck', '@text', 'procedure_stuck', 'detail', array_to_string(stuck, ', ')))));
  end if;

  perform gate.platform_note(
    p_command, 'procedure_added', 'procedures',
    jsonb_build_object('version', new_version, 'effective_from', gate.instant(starts)::jsonb,
      'note', asked -> 'note', 'steps', asked -> 'steps'));
  return gate.platform_said(201, jsonb_build_object(
    'version', new_version, 'effective_from', gate.instant(starts)::jsonb));
end $$;

-- {effective_from?, credits?: {class: seconds}, grace_s?, return_delays_s?, claim_s?, undo_s?,
-- pass_s?, swaps?}: what is not named stays as in the version that is in force when it starts.
create or replace function gate.credits_set(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  starts timestamptz := gate.effective_from(asked, p_command.at);
  next int;
  made gate.queue_rule;
begin
  if starts is null then
    return gate.platform_refusal('effective_past', '/effective_from');
  end if;
  if exists (
    select
    from jsonb_each(coalesce(asked -> 'credits', '{}')) c
    where jsonb_typeof(c.value) <> 'number'
      or not c.key = any (enum_range(null::gate.goods_class)::text[])
      or not (c.value)::numeric between 0 and 86400
  ) then
    return gate.platform_refusal('invalid_fields', '/credits', 'unknown_value');
  end if;

  select max(r.version) + 1 into next from gate.queue_rule r;
  insert into gate.queue_rule
  select (jsonb_populate_record(
    r,
    (asked - 'credits') || jsonb_build_object(
      'version', next,
      'effective_from', starts,
      'credits', r.credits || coalesce(asked -> 'credits', '{}')))).*
  from gate.rule_at(starts) r
  returning * into made;

  return gate.platform_told(p_command, 'credits_set', 'credits', 201, gate.queue_rule_json(made));
end $$;

-- {gate, direction, places, effective_from?}
create or replace function gate.window_set(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  starts timestamptz := gate.effective_from(asked, p_command.at);
  number smallint := (select g.number from gate.gate g where g.code = asked ->> 'gate');
begin
  if number is null then
    return gate.platform_refusal('not_found', '/gate');
  end if;
  if starts is null then
    return gate.platform_refusal('effective_past', '/effective_from');
  end if;
  insert into gate.window_capacity (gate, direction, effective_from, places)
  values (number, (asked ->> 'direction')::gate.direction, starts, (asked ->> 'places')::int)
  on conflict (gate, direction, effective_from) do update set places = excluded.places;

  return gate.platform_told(p_command, 'window_set', 'windows', 201, jsonb_build_object(
    'gate', asked -> 'gate', 'direction', asked -> 'direction', 'places', asked -> 'places',
    'effective_from', gate.instant(starts)::jsonb));
end $$;

-- {kind, code, effective_from: date, vi, en, zh, data?}: the version before ends where this begins,
-- and this one where the next begins.
create or replace function gate.reference_set(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  starts date := (asked ->> 'effective_from')::date;
begin
  if starts < gate.hanoi_day(p_command.at) then
    return gate.platform_refusal('effective_past', '/effective_from');
  end if;
  update gate.reference r
  set effective_until = starts
  where r.kind = asked ->> 'kind'
    and r.code = asked ->> 'code'
    and r.effective_from < starts
    and coalesce(r.effective_until > starts, true);
  insert into gate.reference (kind, code, effective_from, effective_until, vi, en, zh, data)
  values (
    asked ->> 'kind', asked ->> 'code', starts,
    (
      select min(r.effective_from)
      from gate.reference r
      where r.kind = asked ->> 'kind' and r.code = asked ->> 'code' and r.effective_from > starts
    ),
    asked ->> 'vi', asked ->> 'en', asked ->> 'zh', coalesce(asked -> 'data', '{}'))
  on conflict (kind, code, effective_from) do update
  set vi = excluded.vi, en = excluded.en, zh = excluded.zh, data = excluded.data;

  return gate.platform_told(p_command, 'reference_set', 'reference', 201, asked);
end $$;

-- {prefix, effective_from: date, class}: the same.
create or replace function gate.hs_class_set(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  starts date := (asked ->> 'effective_from')::date;
begin
  if starts < gate.hanoi_day(p_command.at) then
    return gate.platform_refusal('effective_past', '/effective_from');
  end if;
  update gate.hs_class h
  set effective_until = starts
  where h.prefix = asked ->> 'prefix'
    and h.effective_from < starts
    and coalesce(h.effective_until > starts, true);
  insert into gate.hs_class (prefix, effective_from, effective_until, class)
  values (
    asked ->> 'prefix', starts,
    (
      select min(h.effective_from)
      from gate.hs_class h
      where h.prefix = asked ->> 'prefix' and h.effective_from > starts
    ),
    (asked ->> 'class')::gate.goods_class)
  on conflict (prefix, effective_from) do update set class = excluded.class;

  return gate.platform_told(p_command, 'hs_class_set', 'reference', 201, asked);
end $$;

-- {id, public_key: hex, signs_from, signs_until, verifies_until: ms}: the public half of a key that
-- signs passes; the secret is in a file of the machine that signs.
create or replace function gate.pass_key_add(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  added gate.pass_key;
begin
  insert into gate.pass_key (id, public_key, signs_from, signs_until, verifies_until)
  values (
    asked ->> 'id', decode(asked ->> 'public_key', 'hex'),
    gate.from_ms((asked ->> 'signs_from')::bigint),
    gate.from_ms((asked ->> 'signs_until')::bigint),
    gate.from_ms((asked ->> 'verifies_until')::bigint))
  on conflict (id) do nothing
  returning * into added;
  if added.id is null then
    return gate.platform_refusal('already_exists', '/id');
  end if;
  return gate.platform_told(p_command, 'pass_key_added', 'pass_keys', 201, gate.pass_key_json(added));
end $$;

-- {id, verifies_until?: ms}: signs nothing from now on. Without verifies_until passes it signed
-- stay good as long as planned; a stolen key is ended with verifies_until = now.
create or replace function gate.pass_key_end(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  ended gate.pass_key;
begin
  update gate.pass_key
  set signs_until = greatest(least(signs_until, p_command.at), signs_from + interval '1 millisecond'),
    verifies_until = greatest(
      least(signs_until, p_command.at),
      signs_from + interval '1 millisecond',
      least(verifies_until, gate.from_ms((asked ->> 'verifies_until')::bigint)))
  where id = asked ->> 'id'
  returning * into ended;
  if ended.id is null then
    return gate.platform_refusal('not_found');
  end if;
  return gate.platform_told(p_command, 'pass_key_ended', 'pass_keys', 200, gate.pass_key_json(ended));
end $$;

create or replace function gate.queue_rule_json(p_rule gate.queue_rule) returns jsonb
language sql stable as $$
  select (to_jsonb(p_rule) - 'effective_from')
    || jsonb_build_object('effective_from', gate.instant(p_rule.effective_from)::jsonb)
$$;

create or replace function gate.pass_key_json(p_key gate.pass_key) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'id', p_key.id, 'public_key', encode(p_key.public_key, 'hex'),
    'signs_from', gate.instant(p_key.signs_from)::jsonb,
    'signs_until', gate.instant(p_key.signs_until)::jsonb,
    'verifies_until', gate.instant(p_key.verifies_until)::jsonb)
$$;
