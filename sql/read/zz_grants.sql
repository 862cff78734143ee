-- SPDX-License-Identifier: MIT
-- Who may touch what. The last of the functions, because grants go with the objects they open.
-- The roles themselves belong to the whole cluster and are made by gatectl migrate.
--
--   gate_service  the service: calls api.*, and nothing else. It can neither read nor change a table.
--   gate_reader   reports: the ledger's public part and the figures; no plate, no name, no firm.
--   gate_privacy  may read private parts and erase them (a trigger refuses any other change).

revoke all on all functions in schema gate from public;
revoke all on all functions in schema api from public;

grant usage on schema api to gate_service;
grant execute on all functions in schema api to gate_service;

grant usage on schema gate to gate_reader, gate_privacy;
grant select on
  gate.platform, gate.migration, gate.config_version, gate.ledger, gate.gate, gate.route, gate.lane,
  gate.yard, gate.calendar, gate.queue_rule, gate.window_capacity, gate.window_booking,
  gate.hs_class, gate.reference, gate.pass_key, gate.step, gate.procedure, gate.procedure_step,
  gate.event, gate.checkpoint, gate.pace, gate.service_pace, gate.prediction, gate.overtake
to gate_reader;
grant select (
  id, declaration, gate, role, direction, route, class, procedure, channel, required, done, held,
  ended, state, planned_at, window_from, joined_at, rank_at, rule, called_at, lane, no_shows,
  done_at, filed_at, ended_at
) on gate.crossing to gate_reader;

grant select on gate.event, gate.event_private to gate_privacy;
grant update (body) on gate.event_private to gate_privacy;
