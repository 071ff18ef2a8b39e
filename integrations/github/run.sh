#!/usr/bin/env bash
# What the GitHub action does: findings as annotations and SARIF, statements, and a review of the change in the job's summary and in one
# comment on the pull request. All inputs come in the environment, as action.yml sets it; POSTERN names another command to run.
# Exit status: the worst of what it ran (0 all is well, 1 findings or broken statements, 2 something could not be read, 3 undecided).
set -uo pipefail

marker='<!-- postern review -->'

# GitHub refuses comments of more than 65,536 characters.
limit=60000

say() { printf 'postern: %s\n' "$*" >&2; }

# The text of a list input, a line an item.
items() { printf '%s\n' "$1" | sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' -e '/^$/d'; }

# A release that was asked for, checked by its digest; else the source tree in which this script is.
command_of() {
  if [ -n "${POSTERN:-}" ]; then
    printf '%s\n' "$POSTERN"
  elif [ -n "${POSTERN_VERSION:-}" ]; then
    local name="postern-$POSTERN_VERSION-linux-x64" directory="${RUNNER_TEMP:-/tmp}/postern"
    local url="${GITHUB_SERVER_URL:-https://github.com}/$GITHUB_ACTION_REPOSITORY/releases/download/v$POSTERN_VERSION"
    mkdir -p "$directory" &&
      (cd "$directory" &&
        curl -fsSL --retry 3 -O "$url/$name.tar.gz" -O "$url/$name.tar.gz.sha256" &&
        sha256sum -c --status "$name.tar.gz.sha256" && tar -xzf "$name.tar.gz") &&
      printf '%s\n' "$directory/$name/bin/postern"
  else
    printf '%s\n' "$(dirname "$(readlink -f "$0")")/../../postern"
  fi
}

postern=$(command_of) || { say "release $POSTERN_VERSION could not be had, or does not match its digest"; exit 2; }

# 2 is worse than 1, and both are known; 3 says that something is not.
status=0
worst() {
  case $1 in
    0) ;;
    2) status=2 ;;
    1) [ "$status" = 2 ] || status=1 ;;
    3) [ "$status" != 0 ] || status=3 ;;
    *) status=2 ;;
  esac
}

options=()
while IFS= read -r path; do options+=(-f "$path"); done < <(items "${POSTERN_PATH:-.}")
[ -z "${POSTERN_DATAPLANE:-}" ] || options+=(--dataplane "$POSTERN_DATAPLANE")
severity=(--fail-on "${POSTERN_FAIL_ON:-warning}")
specs=()
while IFS= read -r spec; do specs+=("$spec"); done < <(items "${POSTERN_SPEC:-}")

output() { printf '%s=%s\n' "$1" "$2" >>"${GITHUB_OUTPUT:-/dev/null}"; }
summary() { cat >>"${GITHUB_STEP_SUMMARY:-/dev/null}"; }

sarif=${POSTERN_SARIF:-postern.sarif}
# A link in what is checked could lead anywhere.
place=$sarif
while [ ! -L "$place" ] && [[ $place = */* ]] && [[ $sarif != /* ]]; do place=${place%/*}; done
[ ! -L "$place" ] || { say "$place is a symbolic link: nothing is written through it"; exit 2; }
"$postern" lint "${options[@]}" "${severity[@]}" -o sarif >"$sarif"
worst $?
"$postern" lint "${options[@]}" "${severity[@]}" -o github
output sarif "$sarif"

if [ ${#specs[@]} -gt 0 ]; then
  statements=$("$postern" test "${options[@]}" "${specs[@]}")
  worst $?
  printf '%s\n' "$statements"
  printf '### Statements\n\n```text\n%s\n```\n\n' "$(printf '%s' "$statements" | sed 's/```/` ` `/g')" | summary
fi

base=${POSTERN_BASE:-}
[ -n "$base" ] || [ -z "${GITHUB_BASE_REF:-}" ] || base=origin/$GITHUB_BASE_REF
review=""
if [ -n "$base" ]; then
  git rev-parse --verify --quiet "$base^{commit}" >/dev/null ||
    git fetch --quiet --depth=1 origin "+refs/heads/${base#origin/}:refs/remotes/origin/${base#origin/}" || {
      say "there is no revision $base: let actions/checkout fetch it (fetch-depth: 0)"
      exit 2
    }
  review=${RUNNER_TEMP:-/tmp}/postern-review.md
  compare=("${options[@]}" "${severity[@]}" --changed-since "$base" -o md)
  for spec in ${specs[@]+"${specs[@]}"}; do compare+=(--spec "$spec"); done
  "$postern" review "${compare[@]}" >"$review"
  worst $?
  summary <"$review"
fi
output review "$review"
output status "$status"

# One comment, which each run finds again by its marker. A stranger who writes the marker would get a review that the stranger can edit.
ours='.user.type == "Bot" or (.author_association | IN("OWNER", "MEMBER", "COLLABORATOR"))'
comment() {
  local number="$1" body known
  body=$(mktemp)
  { printf '%s\n' "$marker"; head -c "$limit" "$review"; } >"$body"
  [ "$(wc -c <"$review")" -le "$limit" ] ||
    printf '\n\n…and more: see the summary of the job.\n' >>"$body"
  known=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$number/comments" \
    --jq ".[] | select((.body | startswith(\"$marker\")) and ($ours)) | .id" | head -n 1) || return
  if [ -n "$known" ]; then
    gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$known" -F "body=@$body" >/dev/null
  else
    gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$number/comments" -F "body=@$body" >/dev/null
  fi
}

if [ -n "$review" ] && [ "${POSTERN_COMMENT:-true}" = true ]; then
  number=$(printf '%s' "${GITHUB_REF:-}" | sed -n 's|^refs/pull/\([0-9]*\)/.*|\1|p')
  if [ -z "$number" ]; then
    say "this is no pull request: the review is in the summary alone"
  elif ! comment "$number"; then
    # A fork's token may not write; the findings count all the same.
    say "the comment could not be written: the job needs the permission pull-requests: write"
  fi
fi
exit "$status"
