-- Declarations: what a firm files, normalised by the service before it comes here.

create table gate.declaration (
  number bigint primary key,                 -- YYYYMMDD, gate, the gate's daily count
  gate smallint not null,
  firm int not null,
  filed_by int not null,                     -- principal; an officer when filed on behalf
  on_behalf boolean not null,
  direction gate.direction not null,
  route text not null,
  state text not null,
  version int not null default 1,
  planned_at timestamptz,
  window_from timestamptz,                   -- of its 30 minutes; null: live
  class gate.goods_class not null,           -- the one with the least credit
  classes gate.goods_class[] not null,
  procedure int not null,
  across boolean not null,                   -- its procedure looks across its crossings
  document jsonb not null,
  rule_failures jsonb not null,
  warnings jsonb not null,
  moved_from bigint,                         -- its number at the gate it came from
  moved_to smallint,                         -- the gate it went to
  filed_at timestamptz not null,
  changed_at timestamptz not null,
  ended_at timestamptz,
  constraint declaration_state check (
    state in ('draft', 'ready', 'in_progress', 'completed', 'cancelled')
  ),
  constraint declaration_document check (jsonb_typeof(document) = 'object')
  -- no foreign keys to gate and firm: each would lock its row in every transaction;
  -- rows of both are never deleted
) with (fillfactor = 85);

create index declaration_of_firm on gate.declaration (firm, number desc);
create index declaration_of_gate on gate.declaration (gate, number desc);
-- A declaration comes from another gate once.
create unique index declaration_moved on gate.declaration (moved_from) where moved_from is not null;
create index declaration_live on gate.declaration (gate, number desc) where ended_at is null;

-- What two live declarations should not share without a warning: containers, trailers, customs
-- declaration numbers. Rows go when the crossing or declaration ends.
create table gate.live_reference (
  kind text not null,
  value text not null,
  declaration bigint not null,
  constraint live_reference_kind check (kind in ('container', 'trailer', 'customs')),
  constraint live_reference_value check (length(value) <= 40)
);

create index live_reference_value on gate.live_reference (value);
create index live_reference_declaration on gate.live_reference (declaration);

-- Bookings of windows: a row per window that anybody asked for.
create table gate.window_booking (
  gate smallint not null,
  direction gate.direction not null,
  starts_at timestamptz not null,
  booked int not null,
  constraint window_booking_pkey primary key (gate, direction, starts_at),
  constraint window_booking_count check (booked >= 0)
) with (fillfactor = 50);
