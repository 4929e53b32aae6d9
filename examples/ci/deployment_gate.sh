#!/bin/sh
# deployment_gate.sh [ARGUMENT...]: pgpm session deploy with these arguments, and what its status means for a pipeline.
pgpm session deploy "$@"
exit_code=$?

case $exit_code in
  0) echo "Deployment successful" ;;
  10) echo "Configuration error" ;;
  11) echo "Connection failed" ;;
  13) echo "SQL execution failed" ;;
  14) echo "There is no deploy.sql" ;;
  15) echo "Another deployment is running" ;;
  16) echo "Out of time" ;;
  *) echo "Unexpected error: $exit_code" ;;
esac
exit $exit_code
