-- SPDX-License-Identifier: MIT
-- Failures to sign in are counted for a name at an address, so that nobody who guesses from one place
-- locks the owner of the name out at another; for the name everywhere, more patiently; and for the
-- address, which may be an office of hundreds (sql/apply/platform_sign_in.sql).
--
-- pair: a name at an address; its subject is the digest of the name, then that of the address.
-- failures of a name and of an address drain with time, so they are no whole numbers.
alter table gate.sign_in_failure
  alter column failures type real,
  drop constraint sign_in_failure_kind_known,
  add constraint sign_in_failure_kind_known check (kind in ('pair', 'user', 'address', 'unknown'));

-- Where a name has signed in, by the same digests: there the lock of the name everywhere does not hold.
create table gate.sign_in_known (
  pair    bytea primary key,
  last_at timestamptz not null
);

create index sign_in_known_last on gate.sign_in_known (last_at);
