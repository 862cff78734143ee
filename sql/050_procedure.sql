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
