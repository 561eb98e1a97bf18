#!/usr/bin/env bash
# The step of the GitHub action: checks a policy, runs its tests, and compares it with the base.
#
# Environment: INPUT_PATH, INPUT_BASE, INPUT_ARGS and INPUT_VERSION as in action.yml; GITHUB_BASE_REF, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY
# and GITHUB_ACTION_PATH as runners set them. Ends with the worst exit code of the three commands.
set -uo pipefail

path=${INPUT_PATH:-.}
base=${INPUT_BASE:-}
version=${INPUT_VERSION:-}
# Blanks separate arguments, and nothing in them is expanded.
read -ra args <<<"${INPUT_ARGS:-}" || true

worst=0
worse() {
    if [ "$1" -gt "$worst" ]; then worst=$1; fi
}

installed() {
    command -v bailiwick >/dev/null || return 1
    [ -z "$version" ] || [ "$(bailiwick --version)" = "bailiwick $version" ]
}

if ! installed; then
    echo "::group::building bailiwick"
    cargo install --quiet --locked --force --path "$GITHUB_ACTION_PATH"
    echo "::endgroup::"
fi
if ! installed; then
    echo "::error title=bailiwick::the version that runs is not the one that was asked for, ${version:-any}: name the action's tag instead"
    echo "exit=2" >>"$GITHUB_OUTPUT"
    exit 2
fi

bailiwick check --format github -- "$path"
worse $?
bailiwick test --format github -- "$path"
worse $?

# A checkout has the pull request alone; of its base one commit is enough.
if [ -z "$base" ] && [ -n "${GITHUB_BASE_REF:-}" ]; then
    base=refs/remotes/origin/$GITHUB_BASE_REF
    git fetch --quiet --no-tags --depth=1 origin "+refs/heads/$GITHUB_BASE_REF:$base" || worse 2
fi

comment=
if [ -n "$base" ]; then
    comment=$(bailiwick diff --git="$base" --or-empty --format=markdown ${args[@]+"${args[@]}"} -- "$path")
    worse $?
    printf '%s\n' "$comment" >>"$GITHUB_STEP_SUMMARY"
else
    echo "::notice title=bailiwick::nothing to compare with: this is no pull request, and no base is given"
fi

# Behind a mark that nobody can foresee, a text of several lines cannot set another output.
mark=bailiwick-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf 'exit=%s\ncomment<<%s\n%s\n%s\n' "$worst" "$mark" "$comment" "$mark" >>"$GITHUB_OUTPUT"
exit "$worst"
