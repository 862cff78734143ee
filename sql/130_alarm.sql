-- SPDX-License-Identifier: MIT
-- Alarms of a gate: when each was raised, who took it in hand and when it ended. What raises them is
-- judged from the figures (gate.alarms_judged).

-- What is wrong by the figures of now. code: what it is about, the same while the symptom lasts; kind:
-- the sentence that says it; detail: the figures in that sentence.
create type gate.alarm_found as (code text, kind text, level text, detail jsonb, crossing bigint);

create table gate.alarm (
  gate smallint not null,
  number bigint not null,
  code text not null,
  kind text not null,
  level text not null,              -- the worst it was
  detail jsonb not null,            -- as it was raised, or grew worse
  crossing bigint,
  raised_at timestamptz not null,
  ended_at timestamptz,             -- the symptom is gone
  taken_at timestamptz,
  taken_by int,
  taken_level text,                 -- how bad it was then: what grows worse wants somebody again
  note text,
  constraint alarm_pkey primary key (gate, number),
  constraint alarm_code check (length(code) <= 40),
  constraint alarm_level check (level in ('look', 'stop')),
  constraint alarm_taken check ((taken_at is null) = (taken_by is null) and (taken_at is null) = (taken_level is null)),
  constraint alarm_ended_later check (ended_at >= raised_at)
);

create unique index alarm_open on gate.alarm (gate, code) where ended_at is null;
