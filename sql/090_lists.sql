-- Lists by when a declaration was filed: past the 9,999th of a gate's day its number is longer than
-- those of later days. Reference rows that do not overlap. What old answers and ended revocations
-- are found by.

drop index gate.declaration_of_firm;
drop index gate.declaration_of_gate;
drop index gate.declaration_live;
create index declaration_of_firm on gate.declaration (firm, filed_at desc, number desc);
create index declaration_of_gate on gate.declaration (gate, filed_at desc, number desc);
create index declaration_live on gate.declaration (gate, filed_at desc, number desc) where ended_at is null;

-- Since when the mode of an entry that was taken up again has held; null: since it starts.
alter table gate.calendar add column since timestamptz;

create index revocation_until on gate.revocation (until);

-- Each version ends where the next one begins, if not before.
update gate.reference r
set effective_until = n.starts
from (
  select kind, code, effective_from, lead(effective_from) over (partition by kind, code order by effective_from) as starts
  from gate.reference
) n
where (n.kind, n.code, n.effective_from) = (r.kind, r.code, r.effective_from)
  and n.starts < coalesce(r.effective_until, 'infinity');
update gate.hs_class h
set effective_until = n.starts
from (
  select prefix, effective_from, lead(effective_from) over (partition by prefix order by effective_from) as starts
  from gate.hs_class
) n
where (n.prefix, n.effective_from) = (h.prefix, h.effective_from)
  and n.starts < coalesce(h.effective_until, 'infinity');

-- An exclusion constraint would need an extension; who writes holds ledger 0, so looking is enough.
create function gate.reference_alone() returns trigger
language plpgsql as $$
begin
  if exists (
    select from gate.reference r
    where r.kind = new.kind and r.code = new.code and r.effective_from <> new.effective_from
      and daterange(r.effective_from, r.effective_until) && daterange(new.effective_from, new.effective_until)
  ) then
    raise exception 'two versions of % % overlap', new.kind, new.code
      using errcode = 'exclusion_violation', constraint = 'reference_alone';
  end if;
  return new;
end $$;

create function gate.hs_class_alone() returns trigger
language plpgsql as $$
begin
  if exists (
    select from gate.hs_class h
    where h.prefix = new.prefix and h.effective_from <> new.effective_from
      and daterange(h.effective_from, h.effective_until) && daterange(new.effective_from, new.effective_until)
  ) then
    raise exception 'two classes of % overlap', new.prefix
      using errcode = 'exclusion_violation', constraint = 'hs_class_alone';
  end if;
  return new;
end $$;

create trigger reference_stands_alone
  before insert or update on gate.reference
  for each row execute function gate.reference_alone();
create trigger hs_class_stands_alone
  before insert or update on gate.hs_class
  for each row execute function gate.hs_class_alone();
