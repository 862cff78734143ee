-- Row types that the functions hand to each other. They are migrations, since a type cannot be
-- replaced like a function.

create type gate.across as (any_receiving int, all_receiving int, any_main int, every_main int, receiving int);

create type gate.filing as (
  ord int, at timestamptz, actor jsonb, document jsonb, rule_failures jsonb, warnings jsonb,
  firm int, gate smallint, direction gate.direction, route text, draft boolean,
  planned_at timestamptz, window_from timestamptz, mains int,
  classes gate.goods_class[], class gate.goods_class, across boolean, procedure int,
  number bigint, code text, problem text
);

create type gate.filed_vehicle as (
  place int,                     -- of its filing in the batch's array
  role text, ordinal smallint, vehicle jsonb, plate text, crossing bigint, required int,
  class gate.goods_class, plated boolean,
  at timestamptz, actor int, firm int, direction gate.direction, route text, draft boolean, across boolean,
  planned_at timestamptz,
  document text,                 -- with the first vehicle only
  open int
);

-- A step command, what it needs of the crossing it meets, and what was decided about it.
create type gate.judged as (
  ord int, at timestamptz, actor int, actor_role text, actor_agency text, crossing bigint, bit int, step text, result text,
  note text, channel text, lane smallint, device text, occurred_at timestamptz, offline boolean, override boolean,
  agency text, missing int, code text, conflict text, seq bigint,
  declaration bigint, firm int, plate text, direction gate.direction, class gate.goods_class, version int, window_from timestamptz,
  was_done int, was_held int, was_state text, was_ended_at timestamptz,
  done int, held int, required int, ended text, state text, joined_at timestamptz, open int
);

-- A vehicle of an amended document and the crossing it is.
create type gate.matched as (role text, ordinal smallint, vehicle jsonb, plate text, crossing bigint);

-- A container, trailer or customs number a filing names.
create type gate.named_reference as (place int, kind text, value text, pointer text);

-- A lane as the calls of a batch find it: why it may not call, or whom it may, first first.
create type gate.call_site as (
  asked text,                    -- lane, direction and override, as the command says them
  lane smallint, direction gate.direction, route text, classes gate.goods_class[],
  override boolean, overridden text, registered_before timestamptz,
  code text, problem jsonb,
  waiting bigint[], ranks timestamptz[], eligible timestamptz[], is_all boolean
);

-- A call and the crossing it picked, or why it did not.
create type gate.picked as (
  ord int, at timestamptz, actor jsonb, reason text, lane smallint, direction gate.direction, route text,
  crossing bigint, passed int, delay_s int, overridden text, seq bigint,
  code text, problem jsonb
);
