-- The one entry for writes: a batch of commands for one ledger, in one call and one transaction.
--
-- Steps, declarations and calls are applied as sets, every other verb by itself: commands of one batch
-- are all unanswered, so any order among them is one that could have happened. What is applied later
-- gets no earlier time than what was applied before it, so the times of a ledger's events never fall.
-- Steps keep their own: places in the queue come from them.
-- Locks: first the ledger's head, and no other ledger's. All that decides is read in later
-- statements, so two servers at once decide one after the other.

-- verb: of all of them, null when they differ.
create or replace function gate.commands_read(p_batch jsonb, p_clock timestamptz, out commands gate.command[], out verb text)
language plpgsql immutable as $$
declare
  first_verb text := p_batch -> 0 ->> 'verb';
begin
  select array_agg(row(
      n - 1, named, greatest(p_clock, gate.from_ms(latest)),
      (c ->> 'client')::int, (c ->> 'key')::uuid, (c ->> 'digest')::uuid, c -> 'actor', c -> 'args'
    )::gate.command),
    case when bool_and(named = first_verb) then first_verb end
  into commands, verb
  from (
    select c, n, c ->> 'verb' as named, max((c ->> 'now')::bigint) over (order by n rows unbounded preceding) as latest
    from jsonb_array_elements(p_batch) with ordinality as x (c, n)
    offset 0
  ) as timed;
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

-- The commands of one verb, none before an instant.
create or replace function gate.commands_of(p_commands gate.command[], p_verb text, p_latest timestamptz) returns gate.command[]
language plpgsql immutable as $$
begin
  return array(
    select row(ord, verb, greatest(at, p_latest), client, key, digest, actor, args)::gate.command
    from unnest(p_commands)
    where verb = p_verb
    order by ord);
end $$;

-- A set of commands of one verb, in parts that the same rules hold for; p_changes: the instant at which
-- the next part begins, or null.
create or replace function gate.apply_set(p_ledger smallint, p_verb text, p_commands gate.command[], p_changes timestamptz)
returns gate.answer[]
language plpgsql as $$
declare
  part gate.command[] := p_commands;
  rest gate.command[];
  answers gate.answer[] := '{}';
begin
  if p_changes is not null then
    part := array(select c from unnest(p_commands) c where c.at < p_changes order by c.ord);
    rest := p_commands[cardinality(part) + 1:];
  end if;
  if part <> '{}' then
    answers := case p_verb when 'step' then gate.step_many(p_ledger, part) else gate.declare_many(p_ledger, part) end;
  end if;
  if cardinality(rest) > 0 then
    answers := answers || gate.apply_set(p_ledger, p_verb, rest, gate.rules_change(p_changes, rest[cardinality(rest)].at));
  end if;
  return answers;
end $$;

-- One command that is applied alone.
create or replace function gate.apply_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  answer gate.answer;
begin
  if p_ledger = 0 and c.verb <> 'tick' then
    answer := gate.platform_apply(jsonb_build_object('verb', c.verb, 'actor', c.actor, 'args', c.args), c.at);
    answer.ord := c.ord;
    return answer;
  end if;
  answer := case c.verb
    when 'amend' then gate.amend_one(p_ledger, c)
    when 'cancel' then gate.cancel_one(p_ledger, c)
    when 'move_out' then gate.move_out_one(p_ledger, c)
    when 'move_in' then gate.move_in_one(p_ledger, c)
    when 'undo' then gate.undo_one(p_ledger, c)
    when 'reissue' then gate.reissue_one(p_ledger, c)
    when 'revoke' then gate.change_one(p_ledger, c)
    when 'swap' then gate.change_one(p_ledger, c)
    when 'release' then gate.change_one(p_ledger, c)
    when 'return' then gate.change_one(p_ledger, c)
    when 'turn_back' then gate.change_one(p_ledger, c)
    when 'plate' then gate.change_one(p_ledger, c)
    when 'link' then gate.link_one(p_ledger, c)
    when 'link_revoke' then gate.link_revoke_one(p_ledger, c)
    when 'resolve' then gate.resolve_one(p_ledger, c)
    when 'alarm_take' then gate.alarm_take_one(p_ledger, c)
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

-- What is neither a step nor a declaration, in order: calls that follow each other as a set, the others
-- one by one.
create or replace function gate.apply_rest(p_ledger smallint, p_commands gate.command[]) returns gate.answer[]
language plpgsql as $$
declare
  c gate.command;
  calls gate.command[] := '{}';
  answers gate.answer[] := '{}';
begin
  foreach c in array p_commands loop
    if c.verb = 'call' then
      calls := calls || c;
      continue;
    end if;
    if calls <> '{}' then
      answers := answers || gate.call_many(p_ledger, calls);
      calls := '{}';
    end if;
    answers := answers || gate.apply_one(p_ledger, c);
  end loop;
  if calls <> '{}' then
    answers := answers || gate.call_many(p_ledger, calls);
  end if;
  return answers;
end $$;

-- A tick carries no change of its own: the batch it begins applies what fell due. It takes away, by
-- slices, the answers whose time is over, the revocations of passes that nobody accepts any more, and links long past.
create or replace function gate.tick_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
begin
  delete from gate.reply where ledger = p_ledger and key in (
    select key from gate.reply where ledger = p_ledger and at < c.at - interval '48 hours' order by at limit 1000);
  delete from gate.revocation where gate = p_ledger and crossing in (
    select crossing from gate.revocation where gate = p_ledger and until < c.at order by until limit 1000);
  delete from gate.link where gate = p_ledger and hash in (
    select hash from gate.link where gate = p_ledger and expires_at < c.at - interval '30 days' order by expires_at limit 1000);
  return row(c.ord, 'ok', 200, null, '{}', false)::gate.answer;
end $$;

-- Commands of several verbs: the sets, then calls and one by one.
create or replace function gate.apply_mixed(p_ledger smallint, p_commands gate.command[], p_changes timestamptz) returns gate.answer[]
language plpgsql as $$
declare
  answers gate.answer[] := '{}';
  part gate.command[];
  latest timestamptz;
begin
  part := gate.commands_of(p_commands, 'step', null);
  if part <> '{}' then
    latest := part[cardinality(part)].at;
    answers := answers || gate.apply_set(p_ledger, 'step', part, p_changes);
  end if;
  part := gate.commands_of(p_commands, 'declare', latest);
  if part <> '{}' then
    latest := part[cardinality(part)].at;
    answers := answers || gate.apply_set(p_ledger, 'declare', part, p_changes);
  end if;
  return answers || gate.apply_rest(p_ledger, array(
    select row(t.ord, t.verb, greatest(t.at, latest), t.client, t.key, t.digest, t.actor, t.args)::gate.command
    from unnest(p_commands) t where t.verb not in ('declare', 'step') order by t.ord));
end $$;

create or replace function api.apply(p_ledger smallint, p_batch jsonb)
returns table (ord int, code text, status int, etag text, body text, replayed boolean, next_due bigint, seq bigint)
language plpgsql security definer set search_path = gate, pg_temp as $$
declare
  head gate.ledger;
  commands gate.command[];
  answers gate.answer[] := '{}';
  todo gate.command[];
  verb text;                     -- of all commands, null: they differ
  first_seq bigint;
  changes timestamptz;
  due timestamptz;
begin
  select * into strict head from gate.ledger l where l.number = p_ledger for update;
  first_seq := head.seq;
  select r.commands, r.verb into strict commands, verb from gate.commands_read(p_batch, head.clock) r;

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

  -- the sets, then calls and one by one; a batch of one set, the commonest, is that set
  changes := gate.rules_change(commands[1].at, commands[cardinality(commands)].at);
  if verb in ('step', 'declare') and answers = '{}' then
    answers := gate.apply_set(p_ledger, verb, commands, changes);
  else
    answers := answers || gate.apply_mixed(p_ledger, todo, changes);
    -- both in the order of the commands, so they are laid side by side instead of joined
    answers := array(select a from unnest(answers) a order by a.ord);
  end if;
  insert into gate.reply (ledger, key, digest, at, code, status, etag, body)
  select p_ledger, z.key, z.digest, z.at, z.code, coalesce(z.status, 0), z.etag, z.body
  from rows from (unnest(commands), unnest(answers)) as z (
    ord, verb, at, client, key, digest, actor, args, answer_ord, code, status, etag, body, replayed)
  where z.key is not null and not z.replayed
    -- nothing was decided: the same key may come with the version that is current
    and z.code not in ('again', 'idempotency_key_reused', 'stale_version');

  select min(x.due_at) into due from gate.crossing x where x.gate = p_ledger and x.due_at is not null;
  update gate.ledger l set clock = commands[array_length(commands, 1)].at, next_due = due where l.number = p_ledger
  returning l.seq into head.seq;

  return query
    select a.ord, a.code, a.status, a.etag, a.body, a.replayed, gate.to_ms(due), case when head.seq > first_seq then head.seq end
    from unnest(answers) a;
end $$;
