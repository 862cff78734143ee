-- What the queue remembers to promise: the pace of calls and of service, predictions and how they
-- came out, overtakes.

-- Recent gaps between calls per gate and direction (exponentially weighted, half-life 30 calls).
create table gate.pace (
  gate smallint not null,
  direction gate.direction not null,
  calls bigint not null default 0,
  last_call_at timestamptz,
  gap_s double precision not null default 0,
  gap_var double precision not null default 0,
  constraint pace_pkey primary key (gate, direction)
) with (fillfactor = 50);

-- Recent times from call to exit per class: mean and variance of the logarithm of seconds.
create table gate.service_pace (
  gate smallint not null,
  direction gate.direction not null,
  class gate.goods_class not null,
  exits bigint not null default 0,
  log_mean double precision not null default 0,
  log_var double precision not null default 0,
  constraint service_pace_pkey primary key (gate, direction, class)
) with (fillfactor = 50);

-- A promised interval and its outcome. kind 'call': joining to being called; 'exit': call to exit.
create table gate.prediction (
  crossing bigint not null,
  kind text not null,
  made_at timestamptz not null,
  ahead int not null,
  p50_s int not null,
  p90_s int not null,
  outcome_at timestamptz,
  constraint prediction_pkey primary key (crossing, kind, made_at),
  constraint prediction_kind check (kind in ('call', 'exit')),
  constraint prediction_order check (p50_s between 0 and p90_s)
);

create index prediction_outcome on gate.prediction (outcome_at) where outcome_at is not null;

-- Counted in public every day.
create table gate.overtake (
  gate smallint not null,
  seq bigint not null,                       -- the call's event
  at timestamptz not null,
  crossing bigint not null,
  passed int not null,                       -- how many eligible it was put before
  delay_s int not null,                      -- by how much its rank was later than the first one's
  reason text not null,
  constraint overtake_pkey primary key (gate, seq),
  constraint overtake_reason check (length(reason) between 1 and 500)
);

create index overtake_at on gate.overtake (gate, at);
