import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { rejectWrites } from '../../src/cli/_readOnlySql.ts'

const test = suite('statements that only read')

function takes(sql: string): void {
  test(`takes ${sql}`, () => rejectWrites(sql))
}

takes('SELECT * FROM logs')
takes(' select 1 ; ; ')
takes('-- what\nSELECT /* ; DROP */ 1 -- end')
takes(`SELECT ';', "a;b", \`c;d\`, [e;f], 'it''s; so'`)
takes(`SELECT * FROM logs WHERE function_name = 'load_extension'`)
takes(`SELECT replace(args, 'a', 'b') FROM logs`)
takes('WITH big AS (SELECT * FROM logs) SELECT count(*) FROM big')
takes('VALUES (1), (2)')
takes('EXPLAIN QUERY PLAN SELECT * FROM logs')
takes('EXPLAIN SELECT 1')
takes('PRAGMA table_info(logs)')
takes(`PRAGMA main.table_info('logs');`)
takes('PRAGMA user_version')
takes('PRAGMA journal_mode')
takes('PRAGMA integrity_check(10)')

function refuses(sql: string, message: RegExp): void {
  test(`refuses ${sql}`, () => assert.throws(() => rejectWrites(sql), message))
}

refuses('', /\[nfo\] \[sql\] no statement is given; use nfo sql/)
refuses(' ; -- nothing', /no statement is given/)
refuses('SELECT 1; SELECT 2', /more than one statement; give one at a time/)
refuses(`SELECT 'a'';'; DELETE FROM logs`, /more than one statement/)
refuses('SELECT 1 /* */ ; DROP TABLE logs', /more than one statement/)
refuses(`SELECT $a('); DELETE FROM logs; --')`, /'\$' is a parameter/)
refuses('SELECT :a', /':' is a parameter/)
refuses('SELECT ?', /'\?' is a parameter/)
refuses('SELECT 1\0; DROP TABLE logs', /more than one|NUL/)
refuses('SELECT 1\0', /NUL/)
for (const verb of ['INSERT INTO logs DEFAULT VALUES', 'REPLACE INTO logs VALUES (1)', 'UPDATE logs SET level = 1']) {
  refuses(verb, /(INSERT|REPLACE|UPDATE) does not read; here the file is only read: use SELECT/)
}
for (const verb of ['DELETE FROM logs', 'DROP TABLE logs', 'ALTER TABLE logs RENAME TO x', 'CREATE TABLE x (y)']) {
  refuses(verb, /does not read/)
}
for (const verb of [
  `ATTACH 'x.db' AS x`,
  'DETACH main',
  `VACUUM INTO 'x.db'`,
  'VACUUM',
  'REINDEX',
  'ANALYZE',
  'BEGIN'
]) {
  refuses(verb, /does not read/)
}
refuses('COMMIT', /COMMIT does not read/)
refuses('EXPLAIN PRAGMA writable_schema = 1', /PRAGMA writable_schema = 1 may change something/)
refuses(`EXPLAIN ATTACH 'x.db' AS x`, /ATTACH does not read/)
refuses('EXPLAIN', /that does not read/)
refuses('WITH x AS (SELECT 1) DELETE FROM logs', /DELETE would change the file; end it with a SELECT/)
refuses('WITH x AS (SELECT 1) INSERT INTO logs SELECT * FROM x', /INSERT would change/)
refuses('WITH x AS (SELECT 1) REPLACE INTO logs SELECT * FROM x', /REPLACE would change/)
refuses(`SELECT load_extension('x.so')`, /load_extension reaches out of the file/)
refuses(`SELECT "load_extension"('x.so')`, /load_extension reaches out of the file/)
refuses(`SELECT/**/LOAD_EXTENSION /* */ ('x.so')`, /load_extension reaches out of the file/)
refuses('PRAGMA writable_schema', /writable_schema may change something; use .*table_info.*, without a value/)
refuses('PRAGMA writable_schema = ON', /may change something/)
refuses('PRAGMA main.writable_schema(1)', /may change something/)
refuses('PRAGMA user_version = 7', /may change something/)
refuses('PRAGMA journal_mode(wal)', /may change something/)
refuses('PRAGMA "journal_mode" = delete', /may change something/)
refuses('PRAGMA wal_checkpoint', /may change something/)
refuses('PRAGMA', /may change something/)

test.run()
