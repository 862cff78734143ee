-- Crossings: the passage of one vehicle under one declaration. A projection of the ledger,
-- changed in the same transaction. Steps are bits: done, required and held are masks.

create table gate.crossing (
  id bigint primary key,                     -- gate number * 10^12 + serial
  declaration bigint not null,
  gate smallint not null,
  firm int not null,
  role text not null,
  ordinal smallint not null,                 -- its place in the declaration's list
  direction gate.direction not null,
  route text not null,
  class gate.goods_class not null,
  plate text not null,                       -- or the vin of a new vehicle
  nationality text not null,
  trailer_plate text,
  procedure int not null,
  across boolean not null,
  channel text,
  required int not null,
  done int not null default 0,
  held int not null default 0,
  ended text,                                -- why it ended, null while it lives
  state text not null,                       -- derived: gate.state_of()
  version int not null default 1,
  pass_version int not null default 0,       -- 0: no pass (draft)
  pass_key text,
  pass_from timestamptz,
  pass_until timestamptz,
  pass_revoked boolean not null default false,
  planned_at timestamptz,
  window_from timestamptz,
  kept_at timestamptz,                       -- joined the queue of the gate it came from
  joined_at timestamptz,                     -- joined the queue
  rank_at timestamptz,                       -- joined_at - credit
  rule int,                                  -- version of the queue rule it was ranked by
  waits_at timestamptz,                      -- rank_at while it waits, else null: the queue's index
  eligible_at timestamptz,                   -- not to be called before
  called_at timestamptz,
  lane smallint,
  no_shows smallint not null default 0,
  swaps smallint not null default 0,
  due_at timestamptz,                        -- when something falls due
  done_at timestamptz[] not null default '{}', -- by bit + 1
  last_seq bigint not null default 0,        -- of its last event
  last_by int,                               -- principal of the last step
  last_step_at timestamptz,
  inside boolean not null default false,     -- stands inside the gate (yard occupancy)
  filed_at timestamptz not null,
  ended_at timestamptz,
  constraint crossing_role check (role in ('main', 'receiving')),
  constraint crossing_state check (state in (
    'draft', 'declared', 'queued', 'called', 'at_gate', 'in_yard', 'held', 'cleared', 'exited',
    'returned', 'turned_back', 'rejected', 'no_show', 'cancelled', 'expired'
  )),
  constraint crossing_ended check (ended in (
    'turned_back', 'rejected', 'no_show', 'cancelled', 'expired'
  )),
  constraint crossing_channel check (channel in ('green', 'yellow', 'red')),
  constraint crossing_plate check (length(plate) between 4 and 20),
  constraint crossing_waits check (waits_at is null or waits_at = rank_at)
) with (fillfactor = 60);                    -- rewritten at each step: leave room for hot updates

create index crossing_of_declaration on gate.crossing (declaration, role, ordinal);
create index crossing_by_plate on gate.crossing (plate, id desc);
create index crossing_waits on gate.crossing (gate, direction, waits_at, id) where waits_at is not null;
create index crossing_due on gate.crossing (gate, due_at) where due_at is not null;
create index crossing_inside on gate.crossing (gate) where inside;
-- The figures of the day. Both columns change with updates that move the row's place in other indexes
-- anyway (joining; the end), so steps stay hot.
create index crossing_joined on gate.crossing (gate, joined_at) where joined_at is not null;
create index crossing_left on gate.crossing (gate, ended_at) where ended_at is not null;

-- The only unique index that two gates share; filled in plate order and nowhere else.
create table gate.live_plate (
  plate text primary key,
  crossing bigint not null
);

-- A Chinese plate typed without its province (domain B3) is found by the rest.
create index live_plate_tail on gate.live_plate (substr(plate, 2)) where ascii(plate) > 127;

-- What happened offline against the order, for a supervisor to resolve.
create table gate.conflict (
  gate smallint not null,
  number bigint not null,
  crossing bigint not null,
  seq bigint not null,
  kind text not null,
  detail jsonb not null,
  found_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by int,
  resolution text,
  constraint conflict_pkey primary key (gate, number),
  constraint conflict_kind check (length(kind) <= 40)
);

create index conflict_open on gate.conflict (gate, number) where resolved_at is null;

-- Passes that kiosks must refuse though their signature is good: of this crossing, all versions
-- below this one. Kept until they would expire anyway.
create table gate.revocation (
  gate smallint not null,
  crossing bigint not null,
  below int not null,
  at timestamptz not null,
  until timestamptz not null,
  constraint revocation_pkey primary key (gate, crossing)
);
