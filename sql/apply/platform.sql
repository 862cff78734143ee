-- SPDX-License-Identifier: MIT
-- Ledger 0: people, keys and the published rules. Each command changes its rows and appends one
-- event, in the same transaction; the caller holds the lock on the ledger's head and on no other.
-- Servers learn of a change from gate.config_version.

create or replace function gate.platform_said(p_status int, p_body jsonb) returns gate.answer
language sql immutable as $$
  select row(null, 'ok', p_status, null, p_body::text, false)::gate.answer
$$;

-- A refusal; the pointer names the argument it is about (RFC 6901), the reason what is wrong there.
create or replace function gate.platform_refusal(
  p_code text, p_pointer text default null, p_reason text default null)
returns gate.answer
language sql immutable as $$
  select row(
    null,
    p_code,
    null,
    null,
    case when p_pointer is not null then
      jsonb_build_object('errors', jsonb_build_array(
        jsonb_build_object(
          'pointer', p_pointer,
          'code', coalesce(p_reason, p_code),
          '@text', coalesce(p_reason, p_code))))::text
    end,
    false
  )::gate.answer
$$;

-- Appends the event of a change, with who made it, and moves the version that servers watch (topic;
-- null: what changes is nothing that they hold).
create or replace function gate.platform_note(
  p_command gate.command, p_type text, p_topic text,
  p_public jsonb, p_private jsonb default '{}', p_firm int default null)
returns void
language plpgsql as $$
begin
  perform gate.append_one(
    0::smallint, p_command.at, p_type, null,
    p_public || jsonb_build_object('by', p_command.actor -> 'id')
      || jsonb_strip_nulls(jsonb_build_object('by_user', p_command.actor -> 'user')),
    p_private, p_firm);
  update gate.config_version
  set version = version + 1
  where topic = p_topic;
end $$;

-- The same for what is told to everybody: the answer is what the event says.
create or replace function gate.platform_told(
  p_command gate.command, p_type text, p_topic text, p_status int, p_body jsonb)
returns gate.answer
language plpgsql as $$
begin
  perform gate.platform_note(p_command, p_type, p_topic, p_body);
  return gate.platform_said(p_status, p_body);
end $$;

-- Applies one command of ledger 0. The service checks the form before; what gets here malformed
-- all the same breaks a named constraint, leaves nothing behind and is refused with its name.
create or replace function gate.platform_apply(p_command jsonb, p_now timestamptz)
returns gate.answer
language plpgsql as $$
declare
  command gate.command := row(
    null, p_command ->> 'verb', p_now, null, null, null, p_command -> 'actor', p_command -> 'args');
  said gate.answer;
  broken text;
begin
  said := case command.verb
    when 'firm_add' then gate.firm_add(command)
    when 'firm_disable' then gate.firm_disable(command)
    when 'officer_add' then gate.officer_add(command)
    when 'officer_disable' then gate.officer_disable(command)
    when 'user_add' then gate.user_add(command)
    when 'user_disable' then gate.user_disable(command)
    when 'password_set' then gate.password_set(command)
    when 'password_change' then gate.password_change(command)
    when 'pin_set' then gate.pin_set(command)
    when 'device_disable' then gate.device_disable(command)
    when 'sign_in' then gate.sign_in(command)
    when 'sign_out' then gate.sign_out(command)
    when 'key_issue' then gate.key_issue(command)
    when 'key_revoke' then gate.key_revoke(command)
    when 'procedure_add' then gate.procedure_add(command)
    when 'credits_set' then gate.credits_set(command)
    when 'window_set' then gate.window_set(command)
    when 'reference_set' then gate.reference_set(command)
    when 'hs_class_set' then gate.hs_class_set(command)
    when 'pass_key_add' then gate.pass_key_add(command)
    when 'pass_key_end' then gate.pass_key_end(command)
  end;
  if said.code is null then
    raise exception 'unknown verb %', command.verb using errcode = 'GT002';
  end if;
  return said;
exception
  when integrity_constraint_violation or data_exception then
    get stacked diagnostics broken = constraint_name;
    return row(
      null, 'invalid_fields', null, null,
      jsonb_build_object('constraint', nullif(broken, ''))::text, false
    )::gate.answer;
end $$;
