-- Passes: how long they hold, the key that signs, what the server is told to sign.

-- What a claim's and a pass's time count from: the planned arrival, but at most 30 days ahead, so
-- that nobody keeps a plate by planning for a far day.
create or replace function gate.promised_at(p_planned timestamptz, p_now timestamptz) returns timestamptz
language sql stable parallel safe as $$
  select least(greatest(p_planned, p_now), p_now + interval '30 days')
$$;

-- What is suspicious about it, as warnings.
create or replace function gate.arrival_warnings(p_planned timestamptz, p_now timestamptz) returns jsonb
language sql stable parallel safe as $$
  select case when p_planned > p_now + interval '30 days'
    then '[{"pointer":"/planned_arrival","code":"arrival_far","@text":"arrival_far"}]' else '[]' end::jsonb
$$;

-- The pass of a crossing as a member's value; the server signs what @pass holds.
create or replace function gate.pass_json(p_crossing bigint, p_version int, p_plate text, p_gate smallint,
  p_direction gate.direction, p_class gate.goods_class, p_from timestamptz, p_until timestamptz, p_key text)
returns text
language sql stable as $$
  select case when p_version = 0 then 'null' else
    '{"version":' || p_version || ',"@pass":"' || gate.crossing_text(p_crossing) || ',' || p_version || ',' || p_plate || ',' || p_gate || ','
    || case p_direction when 'import' then 0 else 1 end || ','
    || array_position(enum_range(null::gate.goods_class), p_class) - 1 || ','
    || floor(extract(epoch from p_from)) || ',' || floor(extract(epoch from p_until)) || ',' || coalesce(p_key, '') || '"'
    || ',"valid_from":' || gate.instant(p_from) || ',"valid_until":' || gate.instant(p_until)
    || ',"svg":"/v1/crossings/' || gate.crossing_text(p_crossing) || '/pass.svg"'
    || ',"png":"/v1/crossings/' || gate.crossing_text(p_crossing) || '/pass.png"'
    || ',"txt":"/v1/crossings/' || gate.crossing_text(p_crossing) || '/pass.txt"}' end
$$;

-- The key that signs at an instant: the one that began last.
create or replace function gate.pass_key_at(p_now timestamptz) returns text
language plpgsql stable as $$
begin
  return (
    select id from gate.pass_key where signs_from <= p_now and signs_until > p_now order by signs_from desc, id limit 1);
end $$;
