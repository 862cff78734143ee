-- The one entry for writes: a batch of commands for one ledger, in one call and one transaction.
--
-- Declarations and steps are applied as sets, then every other verb by itself: commands of one batch
-- are all unanswered, so any order among them is one that could have happened.
-- Locks: first the ledger's head, and no other ledger's. All that decides is read in later
-- statements, so two servers at once decide one after the other.

create or replace function gate.commands_read(p_batch jsonb, p_clock timestamptz) returns gate.command[]
language plpgsql immutable as $$
begin
  return (
    select array_agg(row(
      i - 1, c ->> 'verb', greatest(p_clock, gate.from_ms(latest)),
      (c ->> 'client')::int, (c ->> 'key')::uuid, (c ->> 'digest')::uuid, c -> 'actor', c -> 'args'
    )::gate.command order by i)
    from (
      select c, i, max((c ->> 'now')::bigint) over (order by i) as latest
      from jsonb_array_elements(p_batch) with ordinality as x (c, i)
    ) as timed);
end $$;

-- The stored answers of keys seen before. Lateral with offset 0: the plan must begin with the
-- commands, also while the tables are new and have no statistics.
create or replace function gate.replies_known(p_ledger smallint, p_commands gate.command[]) returns gate.answer[]
language plpgsql stable as $$
begin
  return (
    select array_agg(
      case when r.digest = c.digest then row(c.ord, r.code, r.status, r.etag, r.body, true)::gate.answer
           else row(c.ord, 'idempotency_key_reused', null, null, null, false)::gate.answer end)
    from unnest(p_commands) c
    cross join lateral (select * from gate.reply k where k.key = c.key and k.ledger = p_ledger offset 0) r);
end $$;

-- One command that is applied alone.
create or replace function gate.apply_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  answer gate.answer;
begin
  if p_ledger = 0 then
    answer := gate.platform_apply(jsonb_build_object('verb', c.verb, 'actor', c.actor, 'args', c.args), c.at);
    answer.ord := c.ord;
    return answer;
  end if;
  answer := case c.verb
    when 'call' then gate.call_one(p_ledger, c)
    when 'amend' then gate.amend_one(p_ledger, c)
    when 'cancel' then gate.cancel_one(p_ledger, c)
    when 'undo' then gate.undo_one(p_ledger, c)
    when 'reissue' then gate.reissue_one(p_ledger, c)
    when 'revoke' then gate.revoke_one(p_ledger, c)
    when 'swap' then gate.swap_one(p_ledger, c)
    when 'release' then gate.release_one(p_ledger, c)
    when 'return' then gate.return_one(p_ledger, c)
    when 'turn_back' then gate.turn_back_one(p_ledger, c)
    when 'plate' then gate.plate_one(p_ledger, c)
    when 'resolve' then gate.resolve_one(p_ledger, c)
    when 'lane_open' then gate.lane_one(p_ledger, c)
    when 'lane_close' then gate.lane_one(p_ledger, c)
    when 'calendar' then gate.calendar_one(p_ledger, c)
    when 'checkpoint' then gate.checkpoint_one(p_ledger, c)
    when 'tick' then gate.tick_one(p_ledger, c)
  end;
  if answer.code is null then
    raise exception 'unknown verb %', c.verb using errcode = 'GT002';
  end if;
  return answer;
end $$;

create or replace function gate.tick_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
begin
  delete from gate.reply where ledger = p_ledger and key in (
    select key from gate.reply where ledger = p_ledger and at < c.at - interval '48 hours' order by at limit 1000);
  delete from gate.revocation where gate = p_ledger and until < c.at;
  return row(c.ord, 'ok', 200, null, '{}', false)::gate.answer;
end $$;

create or replace function api.apply(p_ledger smallint, p_batch jsonb)
returns table (ord int, code text, status int, etag text, body text, replayed boolean, next_due bigint, seq bigint)
language plpgsql security definer set search_path = gate, pg_temp as $$
declare
  head gate.ledger;
  commands gate.command[];
  answers gate.answer[] := '{}';
  todo gate.command[];
  c gate.command;
  first_seq bigint;
  latest timestamptz;
  due timestamptz;
begin
  select * into strict head from gate.ledger l where l.number = p_ledger for update;
  first_seq := head.seq;
  commands := gate.commands_read(p_batch, head.clock);

  -- what was answered before is answered again
  answers := gate.replies_known(p_ledger, commands);
  if answers is null then
    answers := '{}';
    todo := commands;
  else
    todo := array(select t from unnest(commands) t where t.ord not in (select a.ord from unnest(answers) a) order by t.ord);
  end if;

  if head.next_due <= commands[1].at then
    perform gate.due_apply(p_ledger, commands[1].at);
  end if;

  -- the set, then one by one
  if exists (select from unnest(todo) t where t.verb = 'declare') then
    answers := answers || gate.declare_many(p_ledger, array(select t from unnest(todo) t where t.verb = 'declare' order by t.ord));
  end if;
  if exists (select from unnest(todo) t where t.verb = 'step') then
    answers := answers || gate.step_many(p_ledger, array(select t from unnest(todo) t where t.verb = 'step' order by t.ord));
  end if;
  latest := (select max(t.at) from unnest(todo) t where t.verb in ('declare', 'step'));
  foreach c in array todo loop
    if c.verb not in ('declare', 'step') then
      c.at := greatest(c.at, latest); -- it comes after the set: the ledger's times never fall
      answers := answers || gate.apply_one(p_ledger, c);
    end if;
  end loop;

  -- both in the order of the commands, so they are laid side by side instead of joined
  answers := array(select a from unnest(answers) a order by a.ord);
  insert into gate.reply (ledger, key, digest, at, code, status, etag, body)
  select p_ledger, z.key, z.digest, z.at, z.code, coalesce(z.status, 0), z.etag, z.body
  from rows from (unnest(commands), unnest(answers)) as z (
    ord, verb, at, client, key, digest, actor, args, answer_ord, code, status, etag, body, replayed)
  where z.key is not null and z.code <> 'again' and not z.replayed and z.code <> 'idempotency_key_reused';

  select min(x.due_at) into due from gate.crossing x where x.gate = p_ledger and x.due_at is not null;
  update gate.ledger l set clock = commands[array_length(commands, 1)].at, next_due = due where l.number = p_ledger
  returning l.seq into head.seq;

  return query
    select a.ord, a.code, a.status, a.etag, a.body, a.replayed, gate.to_ms(due), case when head.seq > first_seq then head.seq end
    from unnest(answers) a;
end $$;
