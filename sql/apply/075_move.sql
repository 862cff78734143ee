-- Moving a declaration to the other gate: two commands, each of its own gate, so that no transaction
-- locks two. Out ends it here and frees its plates; in files it there, where its vehicles keep the
-- time they joined the queue. Either may be repeated: out says again what in needs, in happens once.
-- Locks: the caller holds the ledger's head; plates are claimed in plate order.

-- Why a declaration may not go; null: it may.
create or replace function gate.move_refusal(d gate.declaration) returns text
language plpgsql stable as $$
begin
  return case
    when d.number is null then 'not_found'
    when d.state in ('completed', 'cancelled') then 'declaration_ended'
    when exists (
      select from gate.crossing o
      where o.declaration = d.number and o.ended is distinct from 'cancelled'
        and (o.ended is not null or o.done & (gate.bit_gate_in() | gate.bit_called()) <> 0)) then 'declaration_locked'
    -- the other gate would know nothing of the hold
    when gate.is_held(d) then 'crossing_held'
  end;
end $$;

-- What the other gate needs to take it in.
create or replace function gate.move_papers(d gate.declaration) returns jsonb
language plpgsql stable as $$
begin
  return jsonb_build_object(
    'from', d.number::text, 'on_behalf_of', (select f.tax_code from gate.firm f where f.id = d.firm),
    'document', d.document, 'rule_failures', d.rule_failures, 'warnings', d.warnings, 'links', gate.links_left(d),
    'kept', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'role', x.role, 'ordinal', x.ordinal, 'at', gate.instant(coalesce(x.joined_at, x.kept_at))::jsonb)), '[]')
      from gate.crossing x
      where x.declaration = d.number and x.ended = 'cancelled' and x.ended_at = d.ended_at
        and coalesce(x.joined_at, x.kept_at) is not null));
end $$;

-- {"number","to","reason"?}: to is the number of the other gate's ledger.
create or replace function gate.move_out_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  d gate.declaration := gate.declaration_of(p_ledger, c);
  target smallint := (c.args ->> 'to')::smallint;
  refusal text := gate.move_refusal(d);
  x gate.crossing;
  seq bigint;
begin
  if d.moved_to = target then
    return row(c.ord, 'ok', 200, d.version::text, gate.move_papers(d)::text, false)::gate.answer;
  elsif refusal is not null then
    return gate.refused(c.ord, refusal, case when d.number is not null then jsonb_build_object('state', d.state) end);
  end if;
  for x in select * from gate.crossing where declaration = d.number and ended is null order by id loop
    seq := gate.append_one(p_ledger, c.at, 'cancelled', x.id,
      jsonb_build_object('version', x.version + 1, 'state', 'cancelled', 'moved_to', gate.gate_code(target)), gate.deed(c, x), x.firm);
    perform gate.crossing_end(x, 'cancelled', c.at, seq);
  end loop;
  if seq is null then
    perform gate.append_one(p_ledger, c.at, 'papers_cancelled', null,
      jsonb_build_object('declaration', d.number::text, 'state', 'cancelled', 'moved_to', gate.gate_code(target)), gate.deed(c, null), d.firm);
  end if;
  update gate.declaration set state = 'cancelled', ended_at = c.at, changed_at = c.at, moved_to = target,
    version = case when version = d.version then version + 1 else version end
  where number = d.number
  returning * into d;
  delete from gate.live_reference where declaration = d.number;
  perform gate.links_leave(d, target);
  return row(c.ord, 'ok', 200, d.version::text, gate.move_papers(d)::text, false)::gate.answer;
end $$;

-- The vehicles keep the time they joined and the drivers' links; the ledger says so and where from.
create or replace function gate.move_kept(p_ledger smallint, c gate.command, d gate.declaration) returns void
language plpgsql as $$
declare
  x gate.crossing;
  kept timestamptz;
begin
  for x in select * from gate.crossing where declaration = d.number order by id loop
    kept := (
      select (k ->> 'at')::timestamptz from jsonb_array_elements(c.args -> 'kept') k
      where k ->> 'role' = x.role and (k ->> 'ordinal')::int = x.ordinal);
    update gate.crossing set kept_at = kept, version = version + 1,
      last_seq = gate.append_one(p_ledger, c.at, 'moved_in', x.id,
        jsonb_build_object('version', x.version + 1, 'state', x.state, 'moved_from', c.args ->> 'from',
          'kept_at', gate.instant(kept)::jsonb),
        gate.deed(c, x) || case when gate.link_arrive(x, coalesce(c.args -> 'links', '[]')) then '{"link":true}'::jsonb else '{}' end, x.firm)
    where id = x.id;
  end loop;
end $$;

-- {"from","document","rule_failures","warnings","on_behalf_of","kept","links"?}: what out said.
create or replace function gate.move_in_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  d gate.declaration;
  filing gate.command := c;
  filed gate.answer;
begin
  select * into d from gate.declaration where moved_from = (c.args ->> 'from')::bigint and gate = p_ledger;
  if d.number is null then
    filing.args := jsonb_build_object('rule_failures', c.args -> 'rule_failures', 'warnings', c.args -> 'warnings',
      'document', (c.args -> 'document') - 'route' || jsonb_build_object('gate', gate.gate_code(p_ledger)));
    if c.actor ->> 'firm' is null then
      filing.args := filing.args || jsonb_build_object('on_behalf_of', c.args -> 'on_behalf_of');
    end if;
    filed := (gate.declare_many(p_ledger, array[filing]))[1];
    if filed.code <> 'ok' then
      return filed;
    end if;
    update gate.declaration set moved_from = (c.args ->> 'from')::bigint
    where number = (filed.body::jsonb ->> 'number')::bigint
    returning * into d;
    perform gate.move_kept(p_ledger, c, d);
  end if;
  return row(c.ord, 'ok', 201, d.version::text, (gate.declaration_json(d) || gate.windows_instead(d, c.at))::text, false)::gate.answer;
end $$;
