-- SPDX-License-Identifier: MIT
-- Who may see what. Personal data (people, phones, documents) goes only to the own firm and to the
-- agencies at that gate; who steers the queue sees plates; a foreign firm's things do not exist.

-- 'own', 'agency', 'plates', 'elsewhere' (works at another gate), or null: not to be found.
create or replace function gate.sight(p_actor jsonb, p_gate smallint, p_firm int) returns text
language sql stable parallel safe as $$
  select case
    when p_actor ->> 'role' = 'firm' then case when (p_actor ->> 'firm')::int = p_firm then 'own' end
    when not coalesce(p_actor -> 'gates' @> to_jsonb(p_gate), false) then 'elsewhere'
    when p_actor ->> 'role' in ('officer', 'system', 'supervisor') then 'agency'
    else 'plates'
  end
$$;

-- The code of a refusal that follows from the sight; null: none.
create or replace function gate.sight_refusal(p_sight text) returns text
language sql immutable parallel safe as $$
  select case when p_sight is null then 'not_found' when p_sight = 'elsewhere' then 'wrong_gate' end
$$;

-- A gate named by its number or its code; null: there is none.
create or replace function gate.gate_asked(p_asked jsonb) returns smallint
language plpgsql stable as $$
begin
  return (select g.number from gate.gate g where p_asked ->> 'gate' in (g.code, g.number::text));
end $$;

create or replace function gate.now_asked(p_asked jsonb) returns timestamptz
language sql stable parallel safe as $$ select gate.from_ms((p_asked ->> 'now')::bigint) $$;

create or replace function gate.gate_code(p_gate smallint) returns text
language plpgsql stable as $$
begin
  return (select l.code from gate.ledger l where l.number = p_gate);
end $$;

-- The route that declarations take which name none.
create or replace function gate.route_main(p_gate smallint) returns text
language plpgsql stable as $$
begin
  return (select r.code from gate.route r where r.gate = p_gate and r.main);
end $$;

-- Midnight in Hanoi before an instant.
create or replace function gate.day_start(p_at timestamptz) returns timestamptz
language sql stable parallel safe as $$
  select gate.day_start_of(gate.hanoi_day(p_at))
$$;

-- What a public board shows of a plate: 29C-***.45.
create or replace function gate.plate_masked(p_plate text) returns text
language sql immutable parallel safe as $$
  select left(p_plate, 3) || '-***.' || right(p_plate, 2)
$$;

-- How a public reader finds the gate: null when it does not exist.
create or replace function gate.gate_names(p_gate smallint) returns jsonb
language plpgsql stable as $$
begin
  return (
    select jsonb_build_object('vi', g.name_vi, 'en', g.name_en, 'zh', g.name_zh)
    from gate.gate g where g.number = p_gate);
end $$;

-- A code with its sentence, which the server writes.
create or replace function gate.said(p_code text, p_more jsonb default '{}') returns jsonb
language sql stable parallel safe as $$
  select jsonb_build_object('code', p_code, '@text', p_code) || p_more
$$;
