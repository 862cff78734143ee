-- What a document names: its vehicles, its containers, trailers and customs numbers. Of the numbers
-- one that stands in another live declaration is a warning, never a refusal.

-- The member that lists the vehicles of a role.
create or replace function gate.list_of(p_role text) returns text
language sql immutable parallel safe as $$
  select case p_role when 'main' then 'vehicles' else 'receiving_vehicles' end
$$;

create or replace function gate.vehicles_named(p_document jsonb)
returns table (role text, ordinal smallint, vehicle jsonb)
language sql stable as $$
  select 'main', (i - 1)::smallint, v from jsonb_array_elements(p_document -> 'vehicles') with ordinality m (v, i)
  union all
  select 'receiving', (i - 1)::smallint, v from jsonb_array_elements(p_document -> 'receiving_vehicles') with ordinality r (v, i)
$$;

-- The containers, trailers and customs numbers a document names.
create or replace function gate.references_named(p_document jsonb)
returns table (kind text, value text, pointer text)
language sql stable as $$
  select 'container', v ->> 'container', '/vehicles/' || i - 1 || '/container'
  from jsonb_array_elements(p_document -> 'vehicles') with ordinality x (v, i) where v ->> 'container' is not null
  union all
  select 'trailer', v ->> 'trailer_plate', '/vehicles/' || i - 1 || '/trailer_plate'
  from jsonb_array_elements(p_document -> 'vehicles') with ordinality x (v, i) where v ->> 'trailer_plate' is not null
  union all
  select 'customs', c ->> 'number', '/customs_declarations/' || i - 1 || '/number'
  from jsonb_array_elements(p_document -> 'customs_declarations') with ordinality x (c, i) where c ->> 'number' is not null
$$;

create or replace function gate.reference_warning(p_kind text) returns text
language sql immutable as $$
  select case p_kind when 'customs' then 'customs_number_live' else p_kind || '_live' end
$$;

-- Those that stand in another live declaration: a warning each.
create or replace function gate.references_shared(p_document jsonb, p_number bigint) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'pointer', pointer, 'code', gate.reference_warning(kind), '@text', gate.reference_warning(kind))), '[]')
    from gate.references_named(p_document) n
    where exists (
      select from gate.live_reference l
      where l.value = n.value and l.kind = n.kind and l.declaration <> p_number));
end $$;

create or replace function gate.references_write(p_number bigint, p_document jsonb) returns void
language plpgsql as $$
begin
  insert into gate.live_reference (kind, value, declaration)
  select kind, value, p_number from gate.references_named(p_document);
end $$;

-- Changes members of a crossing's vehicle in the stored document; goods that name its plate name the
-- new one. x: the crossing before the change.
create or replace function gate.document_change(x gate.crossing, p_changes jsonb, p_at timestamptz) returns void
language plpgsql as $$
declare
  list text := gate.list_of(x.role);
  d gate.declaration;
begin
  update gate.declaration set
    document = jsonb_set(document, array[list, x.ordinal::text], document -> list -> x.ordinal::int || p_changes)
      || case when p_changes ? 'plate' and document ? 'goods' then jsonb_build_object('goods',
           gate.goods_renamed(document -> 'goods', x.plate, p_changes ->> 'plate')) else '{}' end,
    version = version + 1, changed_at = p_at
  where number = x.declaration
  returning * into d;
  if p_changes ? 'trailer_plate' then
    delete from gate.live_reference where declaration = d.number;
    perform gate.references_write(d.number, d.document);
  end if;
end $$;

-- Lines of goods with one plate in the place of another.
create or replace function gate.goods_renamed(p_goods jsonb, p_old text, p_new text) returns jsonb
language sql immutable as $$
  select coalesce(jsonb_agg(case when g -> 'plates' ? p_old
    then jsonb_set(g, '{plates}', (
      select jsonb_agg(case when plate = p_old then p_new else plate end order by i)
      from jsonb_array_elements_text(g -> 'plates') with ordinality as p (plate, i)))
    else g end order by n), '[]')
  from jsonb_array_elements(p_goods) with ordinality as x (g, n)
$$;

-- Warns of references that stand in another live declaration, or earlier in this batch, and writes
-- down those of the filings that are no drafts.
create or replace function gate.filings_references(p_filings gate.filing[], p_numbers bigint[]) returns gate.filing[]
language plpgsql as $$
declare
  named gate.named_reference[];
  shared record;
begin
  select array_agg(row(f.place, n.kind, n.value, n.pointer)::gate.named_reference)
  into named
  from unnest(p_filings) with ordinality as f (
    ord, at, actor, document, rule_failures, warnings, firm, gate, direction, route, draft, planned_at, mains,
    classes, class, across, procedure, code, problem, place)
  cross join lateral gate.references_named(f.document) n
  where f.code is null;

  for shared in
    select place, jsonb_agg(jsonb_build_object(
      'pointer', pointer, 'code', gate.reference_warning(kind), '@text', gate.reference_warning(kind))) as warnings
    from (
      select n.*, row_number() over (partition by kind, value order by place) as nth from unnest(named) n offset 0
    ) n
    where nth > 1 or exists (select from gate.live_reference l where l.value = n.value and l.kind = n.kind)
    group by place
  loop
    p_filings[shared.place].warnings := p_filings[shared.place].warnings || shared.warnings;
  end loop;
  insert into gate.live_reference (kind, value, declaration)
  select kind, value, p_numbers[place] from unnest(named) where not (p_filings[place]).draft;
  return p_filings;
end $$;
