-- Roles and database for Anlan on a PostgreSQL (15 or newer) of your own. As superuser:
--   psql -f roles.sql        (it asks for three passwords; on the command line everybody on the machine could read them)
\set ON_ERROR_STOP on
\prompt 'Password for anlan_owner: ' owner
\prompt 'Password for anlan_app: ' app
\prompt 'Password for anlan_backup: ' backup

-- Owns the tables; used for migrations only. The policies bind it too.
CREATE ROLE anlan_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner';
-- The running application: owns nothing, cannot pass row security, cannot change the ledger.
CREATE ROLE anlan_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app';
-- Reads everything, past row security, and writes nothing: a backup under row security would be a part that looks whole.
CREATE ROLE anlan_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS PASSWORD :'backup';
GRANT pg_read_all_data TO anlan_backup;

-- C.UTF-8: under plain C, similarity search of Chinese finds nothing.
CREATE DATABASE anlan OWNER anlan_owner ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE anlan FROM PUBLIC;
GRANT CONNECT ON DATABASE anlan TO anlan_app, anlan_backup;
