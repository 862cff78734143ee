-- The two gates and the published rules. Idempotent: what is there is left alone, so that rows an
-- administrator changed stay changed.

insert into gate.ledger (number, code, hash)
values (1, 'CKHN', sha256('CKHN')), (2, 'TT', sha256('TT'))
on conflict do nothing;

-- Targets: Decision 865 baseline capacity 800 + 400 (domain A9).
insert into gate.gate (number, code, name_vi, name_en, name_zh, target_per_day, far_side)
values
  (1, 'CKHN', 'Cửa khẩu quốc tế Hữu Nghị', 'Huu Nghi International Border Gate', '友谊国际口岸', 800, '友谊关 (Youyiguan)'),
  (2, 'TT', 'Tân Thanh – Pò Chài', 'Tan Thanh – Puzhai', '新清—浦寨', 400, '浦寨 (Puzhai)')
on conflict do nothing;

-- Freight 7:00-20:00 on the dedicated roads (domain A8); routes: domain A1.
insert into gate.route (gate, code, freight, main, opens, closes)
values
  (1, '1119-1120', true, true, '07:00', '20:00'),
  (1, '1116-1117', false, false, '07:00', '20:00'),
  (2, '1088/2-1089', true, true, '07:00', '20:00'),
  (2, '1090-1091', false, false, '07:00', '18:00')
on conflict do nothing;

-- Lane counts are not published (domain F5): assumed.
insert into gate.lane (gate, number, route, directions, classes)
select 1, n, '1119-1120', case when n = 1 then '{import,export}' when n <= 3 then '{export}' else '{import}' end::gate.direction[], null
from generate_series(1, 6) n
on conflict do nothing;

insert into gate.lane (gate, number, route, directions, classes)
select 2, n, '1088/2-1089', case when n = 1 then '{import,export}' when n = 2 then '{export}' else '{import}' end::gate.direction[], null
from generate_series(1, 4) n
on conflict do nothing;

-- Yard room: domain A9 (June 2023: 450 inside Hữu Nghị; Tân Thanh 300 a day); staging: domain A9.
insert into gate.yard (gate, code, name, kind, capacity)
values
  (1, 'XUANCUONG', 'Bãi Xuân Cương', 'inside', 450),
  (1, 'VLP', 'Viettel Logistics Park', 'staging', 1500),
  (2, 'BAONGUYEN', 'Bãi Bảo Nguyên', 'inside', 400),
  (2, 'TTNGOAI', 'Bãi ngoài Tân Thanh', 'staging', 1100)
on conflict do nothing;

-- Ranking by class as domain A10 proposes; times are this project's choice, published and versioned.
insert into gate.queue_rule (version, effective_from, credits, grace_s, return_delays_s, claim_s, undo_s, pass_s, swaps)
values (1, '2020-01-01 00:00+07',
  '{"perishable": 5400, "frozen_live": 3600, "electronics": 1200, "general": 600, "new_vehicle": 0, "empty": 0}',
  1800, '{900,3600}', 86400, 60, 259200, 1)
on conflict do nothing;

insert into gate.window_capacity (gate, direction, effective_from, places)
values
  (1, 'export', '2020-01-01 00:00+07', 20), (1, 'import', '2020-01-01 00:00+07', 30),
  (2, 'export', '2020-01-01 00:00+07', 10), (2, 'import', '2020-01-01 00:00+07', 16)
on conflict do nothing;

-- HS chapters and headings (Harmonized System 2022).
insert into gate.hs_class (prefix, effective_from, class)
values
  ('07', '2022-01-01', 'perishable'), ('08', '2022-01-01', 'perishable'), ('06', '2022-01-01', 'perishable'),
  ('0710', '2022-01-01', 'frozen_live'), ('0811', '2022-01-01', 'frozen_live'),
  ('0801', '2022-01-01', 'general'), ('0802', '2022-01-01', 'general'),
  ('01', '2022-01-01', 'frozen_live'), ('02', '2022-01-01', 'frozen_live'), ('03', '2022-01-01', 'frozen_live'),
  ('04', '2022-01-01', 'frozen_live'), ('05', '2022-01-01', 'frozen_live'),
  ('85', '2022-01-01', 'electronics'), ('8471', '2022-01-01', 'electronics'), ('8473', '2022-01-01', 'electronics'),
  ('9013', '2022-01-01', 'electronics'),
  ('8701', '2022-01-01', 'new_vehicle'), ('8702', '2022-01-01', 'new_vehicle'), ('8703', '2022-01-01', 'new_vehicle'),
  ('8704', '2022-01-01', 'new_vehicle'), ('8705', '2022-01-01', 'new_vehicle'), ('8716', '2022-01-01', 'new_vehicle')
on conflict do nothing;

insert into gate.step (bit, code, agency)
values
  (0, 'registered', 'customs'), (1, 'gate_in', 'border_guard'), (2, 'health', 'health'), (3, 'licence', 'licence'),
  (4, 'yard_in', 'yard'), (5, 'called', 'operator'), (6, 'plant', 'plant'), (7, 'animal', 'animal'),
  (8, 'inspection', 'customs'), (9, 'transshipped', 'yard'), (10, 'loaded', 'yard'), (11, 'fee_paid', 'centre'),
  (12, 'customs_finish', 'customs'), (13, 'border_guard_finish', 'border_guard'), (14, 'exit', 'border_guard'),
  (15, 'returned', 'border_guard')
on conflict do nothing;

insert into gate.procedure (version, effective_from, note)
values (1, '2020-01-01 00:00+07', 'Domain A4, A5: export, import with and without receiving vehicles')
on conflict do nothing;

-- Bits as sums of powers: registered 1, gate_in 2, health 4, licence 8, yard_in 16, called 32, plant 64,
-- animal 128, inspection 256, transshipped 512, loaded 1024, fee_paid 2048, customs_finish 4096,
-- border_guard_finish 8192, exit 16384; 63: all up to called. The exit waits for every other step,
-- so that nobody drives away from what became required after a finish.
insert into gate.procedure_step
  (version, role, direction, bit, needed, joins, own, any_receiving, all_receiving, any_main, every_main)
select 1, x.*
from (values
  ('main', 'export'::gate.direction,  0, 'always',      false, 0,                        0, 0, 0, 0),
  ('main', 'export',  4, 'always',      true,  1,                                        0, 0, 0, 0),
  ('main', 'export',  5, 'always',      false, 16,                                       0, 0, 0, 0),
  ('main', 'export',  1, 'always',      false, 32,                                       0, 0, 0, 0),
  ('main', 'export',  2, 'always',      false, 2,                                        0, 0, 0, 0),
  ('main', 'export',  3, 'always',      false, 2,                                        0, 0, 0, 0),
  ('main', 'export',  6, 'perishable',  false, 16,                                       0, 0, 0, 0),
  ('main', 'export',  7, 'frozen_live', false, 16,                                       0, 0, 0, 0),
  ('main', 'export',  8, 'inspected',   false, 2,                                        0, 0, 0, 0),
  ('main', 'export', 11, 'always',      false, 1,                                        0, 0, 0, 0),
  ('main', 'export', 12, 'always',      false, 2 + 8 + 64 + 128 + 256 + 2048,            0, 0, 0, 0),
  ('main', 'export', 13, 'always',      false, 2 + 4,                                    0, 0, 0, 0),
  ('main', 'export', 14, 'always',      false, 63 + 64 + 128 + 256 + 2048 + 4096 + 8192, 0, 0, 0, 0),
  ('main', 'export', 15, 'optional',    false, 16384,                                    0, 0, 0, 0),
  ('main', 'import',  0, 'always',      false, 0,                                        0, 0, 0, 0),
  ('main', 'import',  1, 'always',      false, 1,                                        0, 0, 0, 0),
  ('main', 'import',  2, 'always',      false, 2,                                        0, 0, 0, 0),
  ('main', 'import',  3, 'always',      false, 2,                                        0, 0, 0, 0),
  ('main', 'import',  4, 'always',      true,  2,                                        0, 0, 0, 0),
  ('main', 'import',  5, 'always',      false, 16,                                       0, 0, 0, 0),
  ('main', 'import',  6, 'perishable',  false, 16,                                       0, 0, 0, 0),
  ('main', 'import',  7, 'frozen_live', false, 16,                                       0, 0, 0, 0),
  ('main', 'import',  8, 'inspected',   false, 32,                                       0, 0, 0, 0),
  ('main', 'import',  9, 'receiving',   false, 32,                                       2, 0, 0, 0),
  ('main', 'import', 11, 'always',      false, 1,                                        0, 0, 0, 0),
  ('main', 'import', 12, 'always',      false, 8 + 32 + 64 + 128 + 256 + 512 + 2048,     0, 0, 0, 0),
  ('main', 'import', 13, 'always',      false, 2 + 4,                                    0, 0, 0, 0),
  ('main', 'import', 14, 'always',      false, 63 + 64 + 128 + 256 + 512 + 2048 + 4096 + 8192, 0, 0, 0, 0),
  ('receiving', 'import',  0, 'always', false, 0,                                        0, 0, 0, 0),
  ('receiving', 'import',  1, 'always', false, 1,                                        0, 0, 16, 0),
  ('receiving', 'import', 10, 'always', false, 2,                                        0, 0, 512, 0),
  ('receiving', 'import', 12, 'always', false, 1024,                                     0, 0, 0, 2048),
  ('receiving', 'import', 14, 'always', false, 1 + 2 + 1024 + 4096,                      0, 0, 0, 0)
) as x (role, direction, bit, needed, joins, own, any_receiving, all_receiving, any_main, every_main)
on conflict do nothing;

insert into gate.pace (gate, direction)
select g.number, d from gate.gate g, unnest(enum_range(null::gate.direction)) d
on conflict do nothing;
