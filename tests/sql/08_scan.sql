-- Scans: the verdict, its reason, and what may be done next.
\ir helpers.psql
select no_plan();
create function t.scan_x(p_now bigint, p_who text, p_plate text, p_more jsonb default '{}') returns text language sql as $$
  select t.scan(p_now, p_who, jsonb_build_object('crossing', t.id(p_plate), 'pass_verdict', 'valid', 'pass_version', (t.x(p_plate)).pass_version, 'gate', (t.x(p_plate)).gate) || p_more)
$$;
create function t.scan_body(p_now bigint, p_who text, p_asked jsonb) returns jsonb language sql as $$ select body from t.read('scan', p_now, p_who, p_asked) $$;

select is(t.file(1, t.at('08:00'), 'one', t.document('export', '{29C12345}', '{"vehicles":[{"plate":"29C12345","nationality":"VN","trailer_plate":"29R00123","driver":{"name":"Nguyễn Văn An"}}]}')), 'ok', 'filed');

-- passes that are no good
select is(t.scan_x(t.at('08:01'), 'customs', '29C12345', jsonb_build_object('pass_verdict', v)), r, v)
from (values ('forged', 'stop pass_forged'), ('truncated', 'stop pass_truncated'), ('mangled', 'stop pass_mangled'), ('expired', 'stop pass_expired'),
  ('not_yet', 'stop pass_not_yet'), ('key_unknown', 'stop pass_key_unknown'), ('mismatch', 'stop pass_forged'), ('unreadable', 'stop scan_unreadable'), ('valid', 'go ok')) x (v, r);
select is(t.scan_body(t.at('08:01'), 'customs', jsonb_build_object('crossing', t.id('29C12345'), 'pass_verdict', 'forged')) -> 'crossing', 'null', 'a forged pass tells nothing of the crossing it names');
select is(t.scan(t.at('08:01'), 'customs', '{"crossing":"01000099999999"}'), 'stop pass_unknown', 'an unknown number');
select is(t.scan(t.at('08:01'), 'customs', '{"number":"20991231019999"}'), 'stop pass_unknown', 'an unknown declaration');
select is(t.scan(t.at('08:01'), 'customs', '{"plate":"99X99999"}'), 'stop plate_unknown', 'an unknown plate');

-- go, with the steps of this officer
create temporary table go as select t.scan_body(t.at('08:01'), 'customs', jsonb_build_object('plate', '29C12345')) as b;
select is((select b -> 'next' from go), '[{"step":"registered","agency":"customs"}]'::jsonb, 'a typed plate will do, and what customs may do is told');
select is((select b #>> '{crossing,trailer_plate}' || ' ' || (b #>> '{crossing,class}') from go), '29R00123 perishable', 'with trailer and class');
select unalike((select b::text from go), '%Nguyễn%', 'and no name');
select is(t.scan(t.at('08:01'), 'customs', jsonb_build_object('number', (t.x('29C12345')).declaration::text)), 'go ok', 'so will the declaration''s number');
select is(t.scan_x(t.at('08:01'), 'customs', '29C12345', '{"plate":"29C12346"}'), 'stop plate_mismatch', 'another plate on the truck');
select is(t.scan_x(t.at('08:01'), 'customs', '29C12345', '{"plate":"29C12345"}'), 'go ok', 'the same');
select is(t.scan_x(t.at('08:01'), 'customs', '29C12345', '{"trailer_plate":"29R99999"}'), 'look trailer_mismatch', 'another trailer');

-- nothing for this agency: who must act
select is(t.scan_x(t.at('08:01'), 'health', '29C12345'), 'look not_open_yet', 'health is not yet asked');
select is(t.scan_body(t.at('08:01'), 'health', jsonb_build_object('plate', '29C12345')) -> 'others', '[{"step":"registered","agency":"customs"}]'::jsonb, 'customs is');
select is(t.scan_x(t.at('08:01'), 'animal', '29C12345'), 'look no_step_for_you', 'animal quarantine never is');
select is(t.scan_x(t.at('08:01'), 'supervisor', '29C12345'), 'go ok', 'a supervisor may all');

-- duplicates: the same device within 10 s repeats silently, others are told who, where, when
select is(t.step('29C12345', 'registered', t.at('08:02')), 'ok', 'confirmed');
select is(t.scan_x(t.at('08:02') + 9000, 'customs', '29C12345'), 'go ok', 'shaky hands get the old verdict');
select is(t.scan_body(t.at('08:02') + 9000, 'customs', jsonb_build_object('plate', '29C12345')) ->> 'repeated', 'true', 'marked');
select is(t.scan_x(t.at('08:02') + 9000, 'customs2', '29C12345'), 'look not_open_yet', 'another officer does not');
select is(t.step('29C12345', 'fee_paid', t.at('08:03')), 'ok', 'the fee is paid');
create temporary table twice as select t.scan_body(t.at('08:10'), 'centre', jsonb_build_object('plate', '29C12345')) as b;
select is((select b ->> 'verdict' || ' ' || (b ->> 'reason') from twice), 'look duplicate_scan', 'the centre scans again');
select is((select b #>> '{done,by}' || ' ' || (b #>> '{done,device}') || ' ' || (b #>> '{done,at}') || ' ' || (b #>> '{done,step}') from twice),
  'centre kiosk-1 2026-11-23T08:03:00.000+07:00 fee_paid', 'and is told who, where, when');

-- at the barrier before the call: its position
select is(t.scan_x(t.at('08:11'), 'border_guard', '29C12345'), 'stop not_called', 'not in the queue yet');
select is(t.step('29C12345', 'yard_in', t.at('08:12')), 'ok', 'it joins');
create temporary table waits as select t.scan_body(t.at('08:13'), 'border_guard', jsonb_build_object('plate', '29C12345')) as b;
select is((select b ->> 'reason' || ' ' || (b #>> '{position,place}') from waits), 'not_called 1', 'not called, and first');
select ok((select (b #>> '{position,wait,p50_s}')::int <= (b #>> '{position,wait,p90_s}')::int from waits), 'with an interval');
select is(t.call(1, t.at('08:20')), 'ok', 'called to lane 1');

-- gate, direction, route, lane
select is(t.scan_x(t.at('08:21'), 'border_guard', '29C12345', '{"gate":1,"lane":1}'), 'go ok', 'at its lane');
select is(t.scan_x(t.at('08:21'), 'border_guard', '29C12345', '{"gate":1,"lane":2}'), 'stop wrong_lane', 'at another lane');
select is(t.scan_x(t.at('08:21'), 'border_guard', '29C12345', '{"gate":1,"lane":4}'), 'stop wrong_direction', 'at a lane for imports');
select is(t.scan_x(t.at('08:21'), 'border_guard', '29C12345', '{"direction":"import"}'), 'stop wrong_direction', 'on the wrong side');
select is(t.scan_x(t.at('08:21'), 'border_guard', '29C12345', '{"gate":2}'), 'stop wrong_gate', 'at the wrong gate');
select is(t.scan_body(t.at('08:21'), 'border_guard', jsonb_build_object('plate', '29C12345', 'gate', 'TT')) ->> 'right_gate', 'CKHN', 'the right one is named');
insert into gate.route values (1, '1125-1126', true, false, '07:00', '20:00');
update gate.lane set route = '1125-1126' where gate = 1 and number = 3;
select is(t.scan_x(t.at('08:21'), 'border_guard', '29C12345', '{"gate":1,"lane":3}'), 'stop wrong_route', 'on the wrong route');
select is(t.calendar(1, t.at('08:21'), t.at('08:22'), t.at('09:00'), 'closed'), 'ok', 'the gate closes');
select is(t.scan_x(t.at('08:30'), 'border_guard', '29C12345'), 'look gate_closed', 'which is told at the barrier');
select is(t.calendar(1, t.at('08:31'), t.at('18:00'), t.at('18:01'), 'closed'), 'ok', 'and opens');

-- held
select is(t.steps('29C12345', t.at('08:32'), 'gate_in'), '', 'it enters');
select is(t.step('29C12345', 'plant', t.at('08:33'), '{"result":"hold","note":"Cadmium"}'), 'ok', 'plant quarantine holds it');
create temporary table held as select t.scan_body(t.at('08:34'), 'health', jsonb_build_object('plate', '29C12345')) as b;
select is((select b ->> 'verdict' || ' ' || (b ->> 'reason') from held), 'stop crossing_held', 'held');
select is((select b #>> '{done,by}' || ' ' || (b #>> '{done,note}') from held), 'plant Cadmium', 'by whom and why');
select is(t.scan_x(t.at('08:34'), 'plant', '29C12345'), 'look crossing_held', 'who holds it may pass it');

-- pass versions
select is(t.run(1, 'reissue', t.at('08:35'), 'one', jsonb_build_object('crossing', t.id('29C12345'))), 'ok', 'a new pass');
select is(t.scan_x(t.at('08:36'), 'health', '29C12345', '{"pass_version":1}'), 'stop pass_superseded', 'the old one is over');
select is(t.run(1, 'revoke', t.at('08:36'), 'supervisor', jsonb_build_object('crossing', t.id('29C12345'), 'reason', 'x')), 'ok', 'revoked');
select is(t.scan_x(t.at('08:37'), 'health', '29C12345'), 'stop pass_revoked', 'revoked is told');
select is(t.scan(t.at('08:37'), 'health', '{"plate":"29C12345"}'), 'stop pass_revoked', 'by plate, too');
select is(t.run(1, 'reissue', t.at('08:38'), 'one', jsonb_build_object('crossing', t.id('29C12345'))), 'ok', 'a third');

-- after the end
select is(t.steps('29C12345', t.at('08:40'), 'plant', 'health', 'licence', 'customs_finish', 'border_guard_finish', 'exit'), '', 'it leaves');
select is(t.scan_x(t.at('08:40') + 12000, 'border_guard', '29C12345'), 'go ok', 'the same device at once');
select is(t.scan_x(t.at('08:45'), 'border_guard', '29C12345'), 'stop already_exited', 'a copy of its pass');
select is(t.scan_body(t.at('08:45'), 'health', jsonb_build_object('plate', '29C12345')) #>> '{done,step}', 'exit', 'who, where and when it left');
select is(t.scan_x(t.at('18:00'), 'border_guard', '29C12345', '{"direction":"import"}'), 'look already_exited', 'coming back in');
select is(t.scan_body(t.at('18:00'), 'border_guard', jsonb_build_object('plate', '29C12345', 'direction', 'import')) -> 'next', '[{"step":"returned","agency":"border_guard"}]'::jsonb, 'may be confirmed');
select is(t.joins('29C00002', t.at('09:00')), 'ok ', 'another');
select is(t.run(1, 'turn_back', t.at('09:01'), 'border_guard', jsonb_build_object('crossing', t.id('29C00002'), 'reason', 'thiếu giấy')), 'ok', 'turned back');
select is(t.scan_x(t.at('09:02'), 'health', '29C00002'), 'stop turned_back', 'is told');
select is(t.scan_body(t.at('09:02'), 'health', jsonb_build_object('plate', '29C00002')) #>> '{done,note}', 'thiếu giấy', 'with the reason');
select is(t.file(1, t.at('09:03'), 'one', t.document('export', '{29C00003}')), 'ok', 'another');
select is(t.run(1, 'cancel', t.at('09:04'), 'one', jsonb_build_object('number', (t.x('29C00003')).declaration::text)), 'ok', 'cancelled');
select is(t.scan_x(t.at('09:05'), 'health', '29C00003'), 'stop crossing_cancelled', 'is told');
select is(t.file(1, t.at('09:06'), 'one', t.document('export', '{29C00004}'), '[{"pointer":"/goods","code":"missing_goods"}]'), 'ok', 'a draft');
select is(t.scan(t.at('09:06'), 'health', jsonb_build_object('crossing', t.id('29C00004'))), 'stop draft', 'is told');

-- Chinese plates typed without their province
select is(t.file(1, t.at('10:00'), 'one', t.document('import', '{桂A12345}', '{"goods":[{"hs":"85171300"}]}')), 'ok', 'one of Guangxi');
select is(t.scan(t.at('10:01'), 'customs', '{"plate":"桂A12345"}'), 'go ok', 'in full');
select is(t.scan(t.at('10:01'), 'customs', '{"plate":"A12345"}'), 'go ok', 'without the province');
select is(t.scan(t.at('10:01'), 'customs', jsonb_build_object('crossing', t.id('桂A12345'), 'plate', 'A12345')), 'go ok', 'is no mismatch either');
select is(t.file(1, t.at('10:02'), 'two', t.document('import', '{湘A12345}', '{"goods":[{"hs":"85171300"}]}')), 'ok', 'one of Hunan with the same rest');
select is(t.scan(t.at('10:03'), 'customs', '{"plate":"桂A12345"}'), 'look several_matches', 'now both are meant, for the province may be assumed');
select is(jsonb_array_length(t.scan_body(t.at('10:03'), 'customs', '{"plate":"A12345"}') -> 'matches'), 2, 'and listed');

-- several vehicles of one declaration
select is(t.file(1, t.at('10:10'), 'one', t.document('export', '{39C00001,39C00002}')), 'ok', 'two trucks');
select is(t.scan(t.at('10:11'), 'customs', jsonb_build_object('number', (t.x('39C00001')).declaration::text)), 'look several_matches', 'the number means both');
select is(t.scan(t.at('10:11'), 'customs', jsonb_build_object('number', (t.x('39C00001')).declaration::text, 'plate', '39C00002')), 'go ok', 'with the plate one');

-- let in without its call, by a supervisor: it is in, and nobody sends it away for want of a call
select is(t.file(1, t.at('10:11'), 'one', t.document('export', '{49C00001}')), 'ok', 'a truck');
select is(t.steps('49C00001', t.at('10:11'), 'registered', 'yard_in'), '', 'joins');
select is(t.step('49C00001', 'gate_in', t.at('10:11'), '{"override":true,"note":"its call lapsed at the barrier"}', 'supervisor'), 'ok', 'and is let in');
select is(t.steps('49C00001', t.at('10:11'), 'health'), '', 'health looks');
select is(t.scan(t.at('10:12'), 'border_guard', '{"plate":"49C00001"}'), 'go ok', 'the border guard goes on');

-- who went to the other gate is found there by what was printed before
select is(t.file(1, t.at('10:13'), 'one', t.document('export', '{59C00001,59C00002}')), 'ok', 'two trucks');
create temporary table old as select (t.x('59C00001')).declaration::text as number, t.id('59C00001') as id;
select is(t.run(1, 'move_out', t.at('10:14'), 'one', jsonb_build_object('number', old.number, 'to', 2)) || t.run(2, 'move_in', t.at('10:14'), 'one', t.last_body()), 'okok', 'go to the other gate') from old;
select is(t.scan(t.at('10:15'), 'customs', jsonb_build_object('crossing', old.id, 'pass_version', 1, 'gate', 2)), 'stop pass_superseded', 'the old pass has a newer one') from old;
select is(t.scan_body(t.at('10:15'), 'customs', jsonb_build_object('crossing', old.id, 'pass_version', 1, 'gate', 2)) #>> '{crossing,id}', t.id('59C00001'), 'which is of this crossing') from old;
select is(t.scan(t.at('10:15'), 'customs', jsonb_build_object('crossing', old.id, 'gate', 2)), 'go ok', 'the old number means the new one') from old;
select is(t.scan(t.at('10:15'), 'customs', jsonb_build_object('crossing', old.id, 'gate', 1)), 'stop wrong_gate', 'at the old gate, too') from old;
select is(t.scan(t.at('10:15'), 'customs', jsonb_build_object('number', old.number, 'gate', 2)), 'look several_matches', 'and so does the declaration''s') from old;
select is(t.run(2, 'cancel', t.at('10:16'), 'one', jsonb_build_object('number', (t.x('59C00001')).declaration::text)), 'ok', 'once that is cancelled');
select is(t.scan(t.at('10:16'), 'customs', jsonb_build_object('crossing', old.id, 'gate', 2)), 'stop crossing_cancelled', 'they say so') from old;

-- an officer of the other gate learns where it belongs, not why it is held
update t.person set actor = actor || '{"gates":[2]}' where name = 'health';
select is(t.scan_x(t.at('10:12'), 'health', '39C00001', '{"gate":2}'), 'stop wrong_gate', 'wrong gate');
select is(t.scan_body(t.at('10:12'), 'health', jsonb_build_object('plate', '29C00002', 'gate', 2)) #>> '{done,by}', null, 'and nobody''s name');

select * from finish();
rollback;
