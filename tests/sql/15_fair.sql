-- What keeps the queue fair: whose goods give the credit, windows, clocks that stand still, the wait
-- that is told, and those that pass others.
\ir helpers.psql
select no_plan();

-- the credit is of the goods a vehicle carries, not of those beside it
select is(t.file(1, t.at('08:00'), 'one', t.document('export', '{29C00001,29C00002}', '{"goods":[{"hs":"08106000","plates":["29C00001"]}]}')), 'ok', 'goods that name one of two vehicles');
select is((t.x('29C00001')).class::text, 'perishable', 'are its own');
select is((t.x('29C00002')).class::text, 'empty', 'the other one is empty');
select is((t.x('29C00002')).required & 64, 0, 'and needs no plant quarantine');
select is(t.file(1, t.at('08:01'), 'one', t.document('export', '{29C00003}', '{"vehicles":[{"plate":"29C00003"},{"vin":"LSVAA2180E2123456"}],"goods":[{"hs":"08106000","plates":["LSVAA2180E2123456"]}]}')), 'ok', 'goods that name a VIN');
select is((t.x('LSVAA2180E2123456')).required & 64, 64, 'are those of the new vehicle');
select is((t.x('LSVAA2180E2123456')).class::text, 'new_vehicle', 'which has the least credit of what it is');
select is((t.x('29C00003')).class::text, 'empty', 'and of no other');
do $$ begin perform t.clear(); end $$;

select * from finish();
rollback;
