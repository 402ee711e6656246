#!/usr/bin/env bash
# walk.sh URL PAGES walks so much of the chat that zimserve serves as a loop of curl
# and jq does, keeps the messages in a file, and prints how many ms that took.
set -euo pipefail
url=$1 most=$2
app_id=12345
secret=0123456789abcdef0123456789abcdef
kept=$(mktemp)
trap 'rm -f "$kept"' EXIT
start=$(date +%s%N)
next=0 pages=0
while :; do
	nonce=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
	time=$(date +%s)
	signature=$(printf %s "$app_id$nonce$secret$time" | md5sum | cut -d ' ' -f 1)
	page=$(curl -sS --fail -H 'Content-Type: application/json' \
		-d "{\"GroupId\":\"g\",\"Limit\":100,\"Next\":$next,\"WithEmptyMsg\":1}" \
		"$url/?Action=QueryGroupMsg&AppId=$app_id&SignatureNonce=$nonce&Timestamp=$time&SignatureVersion=2.0&Signature=$signature")
	jq -c '.List[]' <<<"$page" >>"$kept"
	next=$(jq .Next <<<"$page")
	pages=$((pages + 1))
	if [ "$next" = 0 ] || [ "$pages" = "$most" ]; then
		break
	fi
done
echo "$((($(date +%s%N) - start) / 1000000)) $pages"
