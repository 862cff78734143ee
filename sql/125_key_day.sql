-- SPDX-License-Identifier: MIT
-- How many requests a key made on each day in Hanoi: counted in the servers, brought here with the
-- usage of keys, outside of the commands.
create table gate.api_key_day (
  key      integer not null references gate.api_key (id),
  day      date not null,
  requests bigint not null,
  constraint api_key_day_pkey primary key (key, day)
)
with (fillfactor = 70);
