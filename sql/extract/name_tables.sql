-- The sums of the hashes of all inboxes, agents, accounts and teams, which are few: while they are the same, so are the
-- names of conversations that have the same ids and contacts.
\ir settings.psql

SELECT
    concat_ws(
        ':',
        (
            SELECT
                sum(
                    hash_record_extended(
                        row(i.id, i.name, i.channel_type, i.timezone, i.working_hours, i.auto_assigns), 0
                    )
                )
            FROM :"views_schema".vw_inboxes AS i
        ),
        (SELECT sum(hash_record_extended(row(u.id, u.name), 0)) FROM :"views_schema".vw_users AS u),
        (SELECT sum(hash_record_extended(row(a.id, a.name), 0)) FROM :"views_schema".vw_accounts AS a),
        (SELECT sum(hash_record_extended(row(t.id, t.name), 0)) FROM :"views_schema".vw_teams AS t)
    ) AS totals;
