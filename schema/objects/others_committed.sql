-- Whether any transaction but our own committed since the snapshot $1 was taken. Ours, and its savepoints, are in progress.
SELECT EXISTS (SELECT FROM generate_series(txid_snapshot_xmax($1::txid_snapshot), txid_snapshot_xmax(txid_current_snapshot()) - 1) AS x
               WHERE txid_status(x) = 'committed')
    OR EXISTS (SELECT FROM txid_snapshot_xip($1::txid_snapshot) AS x WHERE txid_status(x) = 'committed')
