-- nothing here;
/* nor; /* here; */ */
;;
-- end