#!/usr/bin/env bash
# Checks the example policy, compiles it, and asks it two questions.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --quiet
bailiwick=target/release/bailiwick
table=target/portal.bwt

echo '$ bailiwick check policies/learning-portal'
"$bailiwick" check policies/learning-portal
echo '$ bailiwick build policies/learning-portal -o target/portal.bwt'
"$bailiwick" build policies/learning-portal -o "$table" 2>&1 | tail -n 1
echo '$ bailiwick can pat accounts.login_as "account { login jo }" -p target/portal.bwt'
"$bailiwick" can pat accounts.login_as 'account { login jo }' -p "$table"
echo '$ bailiwick can pat accounts.login_as "account { login root }" -p target/portal.bwt'
"$bailiwick" can pat accounts.login_as 'account { login root }' -p "$table" || [ $? -eq 1 ]   # denied, as it should be
