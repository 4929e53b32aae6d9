DO $$
BEGIN
  ASSERT (find_user('ANN@example.com')).name = 'Ann', 'a user is found whatever the case of the address';
  ASSERT upsert_user('ann@example.com', 'Anna') = (find_user('ann@example.com')).id, 'a user is changed, not added';
  ASSERT (find_user('ann@example.com')).name = 'Anna', 'and has the new name';
  ASSERT delete_user('ann@example.com'), 'a user can be deleted';
  ASSERT NOT delete_user('ann@example.com'), 'and only once';
  BEGIN
    PERFORM upsert_user('nonsense', 'Nobody');
    RAISE EXCEPTION 'an address without @ was taken';
  EXCEPTION WHEN check_violation THEN
    NULL;
  END;
END $$;
