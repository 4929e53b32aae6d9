SELECT upsert_user('ann@example.com', 'Ann');
