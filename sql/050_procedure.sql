-- Procedures as data (design: steps and states): which steps a crossing needs and what must be
-- done before each. A partial order, not a chain: real agencies confirm in varying order.

create table gate.step (
  bit smallint primary key,
  code text not null unique,
  agency text not null,
  constraint step_bit check (bit between 0 and 15),
  constraint step_agency check (agency in (
    'customs', 'border_guard', 'health', 'plant', 'animal', 'licence', 'centre', 'yard', 'operator'
  ))
);

create table gate.procedure (
  version int primary key,
  effective_from timestamptz not null,
  note text not null
);

-- One step of one kind of crossing. The masks name what must be done before it, by scope; a step
-- named there that the other crossing does not require counts as done.
create table gate.procedure_step (
  version int not null references gate.procedure (version),
  role text not null,
  direction gate.direction not null,
  bit smallint not null references gate.step (bit),
  needed text not null,                      -- when it is required
  joins boolean not null default false,      -- the crossing joins the queue with it
  own int not null default 0,
  any_receiving int not null default 0,
  all_receiving int not null default 0,
  any_main int not null default 0,
  every_main int not null default 0,
  constraint procedure_step_pkey primary key (version, role, direction, bit),
  constraint procedure_step_role check (role in ('main', 'receiving')),
  constraint procedure_step_needed check (needed in (
    'always', 'perishable', 'frozen_live', 'inspected', 'receiving', 'optional'
  ))
);

-- The same by kind of crossing, as masks and arrays by bit + 1: what the writers compute with.
-- Filled from procedure_step when a version is entered, and never otherwise.
create table gate.procedure_kind (
  version int not null,
  role text not null,
  direction gate.direction not null,
  always int not null,                       -- steps by when they are needed
  perishable int not null,
  frozen_live int not null,
  inspected int not null,
  receiving int not null,
  optional int not null,
  joins int not null,
  own int[] not null,                        -- prerequisites by bit + 1
  any_receiving int[] not null,
  all_receiving int[] not null,
  any_main int[] not null,
  every_main int[] not null,
  constraint procedure_kind_pkey primary key (version, role, direction)
);

create function gate.procedure_kinds_fill() returns trigger
language plpgsql as $$
begin
  delete from gate.procedure_kind where version in (select version from entered);
  insert into gate.procedure_kind
  select s.version, s.role, s.direction,
    coalesce(bit_or(1 << s.bit) filter (where needed = 'always'), 0),
    coalesce(bit_or(1 << s.bit) filter (where needed = 'perishable'), 0),
    coalesce(bit_or(1 << s.bit) filter (where needed = 'frozen_live'), 0),
    coalesce(bit_or(1 << s.bit) filter (where needed = 'inspected'), 0),
    coalesce(bit_or(1 << s.bit) filter (where needed = 'receiving'), 0),
    coalesce(bit_or(1 << s.bit) filter (where needed = 'optional'), 0),
    coalesce(bit_or(1 << s.bit) filter (where joins), 0),
    gate.by_bit(array_agg(s.bit), array_agg(own)), gate.by_bit(array_agg(s.bit), array_agg(any_receiving)),
    gate.by_bit(array_agg(s.bit), array_agg(all_receiving)), gate.by_bit(array_agg(s.bit), array_agg(any_main)),
    gate.by_bit(array_agg(s.bit), array_agg(every_main))
  from gate.procedure_step s
  where s.version in (select version from entered)
  group by s.version, s.role, s.direction;
  return null;
end $$;

-- The values in the order of the bits 0..15, zero where there is none.
create function gate.by_bit(p_bits smallint[], p_values int[]) returns int[]
language sql immutable as $$
  select array_agg(coalesce(p_values[array_position(p_bits, b::smallint)], 0) order by b) from generate_series(0, 15) b
$$;

create trigger procedure_step_fills_kinds
  after insert on gate.procedure_step
  referencing new table as entered
  for each statement execute function gate.procedure_kinds_fill();
