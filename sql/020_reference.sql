-- What the gates are made of and the published rules: rows, never code. Versions and effective
-- dates everywhere, so that the past stays explainable.

create table gate.gate (
  number smallint primary key references gate.ledger (number),
  code text not null unique references gate.ledger (code),
  name_vi text not null,
  name_en text not null,
  name_zh text not null,
  target_per_day int not null,               -- its share of the 1,200 (domain A9: 800 + 400)
  far_side text not null,
  constraint gate_is_no_platform check (number > 0),
  constraint gate_target check (target_per_day between 0 and 100000)
);

-- A passage of the border between two markers (domain A1).
create table gate.route (
  gate smallint not null references gate.gate (number),
  code text not null,                        -- '1119-1120'
  freight boolean not null,
  main boolean not null,                     -- taken when a declaration names none
  opens time not null,                       -- Hanoi time, every day; exceptions in the calendar
  closes time not null,                      -- '24:00': never closes
  constraint route_pkey primary key (gate, code),
  constraint route_hours check (opens < closes),
  constraint route_code check (code ~ '^[0-9/]{3,10}-[0-9/]{3,10}$')
);

create unique index route_one_main on gate.route (gate) where main;

create type gate.goods_class as enum (
  'perishable', 'frozen_live', 'electronics', 'general', 'new_vehicle', 'empty'
);

create type gate.direction as enum ('import', 'export');

create table gate.lane (
  gate smallint not null,
  number smallint not null,
  route text not null,
  directions gate.direction[] not null,
  classes gate.goods_class[],                -- null: all
  is_open boolean not null default true,
  changed_at timestamptz not null default '-infinity',
  constraint lane_pkey primary key (gate, number),
  constraint lane_route foreign key (gate, route) references gate.route (gate, code),
  constraint lane_number check (number between 1 and 99),
  constraint lane_directions check (cardinality(directions) between 1 and 2)
);

-- A parking or unloading place. 'inside' the gate, or 'staging' outside of it, where exports wait.
create table gate.yard (
  gate smallint not null references gate.gate (number),
  code text not null,
  name text not null,
  kind text not null,
  capacity int not null,
  constraint yard_pkey primary key (gate, code),
  constraint yard_kind check (kind in ('inside', 'staging')),
  constraint yard_capacity check (capacity between 0 and 100000)
);

create unique index yard_one_of_a_kind on gate.yard (gate, kind);

-- Exceptions to the opening hours; of those that cover an instant the one entered last holds.
create table gate.calendar (
  gate smallint not null,
  number int not null,                       -- in the order of entering
  route text,                                -- null: the whole gate
  direction gate.direction,                  -- null: both
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  mode text not null,
  cause text not null,
  reason text not null,
  entered_at timestamptz not null,
  constraint calendar_pkey primary key (gate, number),
  constraint calendar_route foreign key (gate, route) references gate.route (gate, code),
  constraint calendar_span check (starts_at < ends_at),
  constraint calendar_mode check (mode in ('open', 'closed', 'pre_registered')),
  constraint calendar_cause check (cause in ('gate', 'far_side', 'holiday', 'weather', 'other')),
  constraint calendar_reason check (length(reason) between 1 and 500)
);

create index calendar_span on gate.calendar (gate, ends_at);

-- The published rule of the queue (design: the queue; domain A10). rank = joined_at - credit.
create table gate.queue_rule (
  version int primary key,
  effective_from timestamptz not null,
  credits jsonb not null,                    -- seconds by class
  grace_s int not null,                      -- a called vehicle has this long to come
  return_delays_s int[] not null,            -- after the 1st, 2nd … no-show; one more ends it
  claim_s int not null,                      -- a plate claim lapses this long after planned arrival
  undo_s int not null,                       -- an officer may undo the own last step
  pass_s int not null,                       -- a pass is valid this long after planned arrival
  swaps int not null,                        -- tractor swaps a crossing may make
  constraint queue_rule_positive check (
    grace_s > 0 and claim_s > 0 and undo_s >= 0 and pass_s > 0 and swaps >= 0
    and cardinality(return_delays_s) between 0 and 9
  )
);

-- Places per 30-minute window (design: windows). The capacity that took effect last holds.
create table gate.window_capacity (
  gate smallint not null references gate.gate (number),
  direction gate.direction not null,
  effective_from timestamptz not null,
  places int not null,
  constraint window_capacity_pkey primary key (gate, direction, effective_from),
  constraint window_capacity_places check (places between 0 and 10000)
);

-- The goods class of an HS code: the longest prefix in force decides; none: general.
create table gate.hs_class (
  prefix text not null,
  effective_from date not null,
  effective_until date,                      -- exclusive
  class gate.goods_class not null,
  constraint hs_class_pkey primary key (prefix, effective_from),
  constraint hs_class_prefix check (prefix ~ '^[0-9]{2,8}$')
);

-- Code lists with effective dates: vehicle classes, customs offices, units, currencies …
create table gate.reference (
  kind text not null,
  code text not null,
  effective_from date not null,
  effective_until date,                      -- exclusive
  vi text not null,
  en text not null,
  zh text not null,
  data jsonb not null default '{}',
  constraint reference_pkey primary key (kind, code, effective_from),
  constraint reference_kind check (kind ~ '^[a-z_]{1,40}$'),
  constraint reference_code check (length(code) between 1 and 40)
);

-- Public halves of the keys that sign passes; the secrets never enter the database.
create table gate.pass_key (
  id text primary key,                       -- hex of the COSE kid
  public_key bytea not null,
  signs_from timestamptz not null,
  signs_until timestamptz not null,
  verifies_until timestamptz not null,
  constraint pass_key_id check (id ~ '^[0-9a-f]{2,8}$'),
  constraint pass_key_size check (octet_length(public_key) = 32),
  constraint pass_key_order check (signs_from < signs_until and signs_until <= verifies_until)
);
