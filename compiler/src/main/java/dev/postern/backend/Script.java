package dev.postern.backend;

import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * A POSIX shell script of an artefact: what it does, in the frame that all scripts of all targets share.
 *
 * <p>The frame is one compound command, so a shell runs nothing of a script that is cut off. It finds the artefact's directory through
 * symbolic links, makes {@code $work} (a private directory that is gone afterwards), and takes a lock of the target in the network namespace,
 * so that no two scripts of a target run at once. A script that {@linkplain #reading() reads} the artefact's files first compares their
 * sizes and SHA-256 digests with those of the compiled artefact. All of that comes before the first command that changes anything.
 *
 * @param says comment lines, without {@code #}
 * @param body commands, run with {@code set -eu} in the artefact's directory where they read its files; they call {@code fail MESSAGE} to end
 *     with status 1, {@code need TOOL ...} to end with status 2 where a tool is not installed, and {@code output FILE COMMAND ...} to keep what
 *     a tool prints, which ends the script where the disk is full
 * @param reads whether the script reads the artefact's files
 */
public record Script(String says, String body, boolean reads) {

  /** What a file of an artefact is called: one word for every shell, whatever is in the manifests. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

  private static final String START = """
      #!/bin/sh
      {
      %s#
      # Another script of this target that runs in this network namespace is waited for, $POSTERN_WAIT seconds at most (60 by default).
      set -eu
      export LC_ALL=C
      # say WORDS: as they are; echo would make control characters of some names of files
      say() { printf '%%s\\n' "$1"; }
      fail() { say "%s: error: $1" >&2; exit 1; }
      need() { for tool in "$@"; do command -v "$tool" > /dev/null || { say "%s: error: $tool is not installed" >&2; exit 2; }; done; }
      need readlink mktemp stat flock%s
      script=$(readlink -f -- "$0")
      patience=${POSTERN_WAIT:-60}
      case $patience in *[!0-9]*) fail "POSTERN_WAIT is a number of seconds, not $patience" ;; esac
      work=$(mktemp -d)
      trap 'rm -rf "$work"' EXIT
      trap 'exit 143' HUP INT TERM
      # output FILE COMMAND ...: puts what the command prints into a file of $work. Most tools do not say that the disk took a part only.
      output() {
        written=$1
        shift
        printed=$("$@") || exit
        : > "$work/$written"
        [ -z "$printed" ] || printf '%%s\\n' "$printed" > "$work/$written" || fail "what $1 prints has no room in $work"
      }
      """;

  /** A lock is a file: the kernel lets go of it when the last process that the script started has ended, however that came. */
  private static final String LOCK = """
      locks=/run
      { [ -d $locks ] && [ -w $locks ]; } || locks=${TMPDIR:-/tmp}
      # lock DESCRIPTOR NAME
      lock() {
        held=$locks/postern-$2.lock
        eval "exec $1>> \\"\\$held\\""
        flock -n "$1" || flock -w "$patience" "$1" 2> /dev/null || {
          holder=$(cat "$held")
          fail "nothing was changed: ${holder:-another process} holds $held (hint: wait until it has ended; POSTERN_WAIT=SECONDS waits longer)"
        }
        say "process $$ ($script)" > "$held"
      }
      namespace=$(stat -L -c %%i /proc/self/ns/net)
      lock 9 "%s-$namespace"
      """;

  private static final String CHECK = """
      cd "${script%%/*}/"
      cat > "$work/files" << 'FILES'
      %sFILES
      sed 's/^[0-9]* //' "$work/files" > "$work/sums"
      if ! sha256sum -c "$work/sums" > /dev/null 2>&1; then
        while read -r size digest name; do
          if [ ! -f "$name" ]; then
            say "apply.sh: error: $name is missing in ${script%%/*}" >&2
            continue
          fi
          bytes=$(wc -c < "$name")
          sum=$(sha256sum "$name")
          if [ "$bytes" -ne "$size" ]; then
            say "apply.sh: error: $name has $bytes bytes, not $size" >&2
          elif [ "${sum%%%% *}" != "$digest" ]; then
            say "apply.sh: error: $name is not what was compiled" >&2
          fi
        done < "$work/files"
        fail "nothing was changed: the artefact is not whole (hint: compile it again, or copy the whole directory)"
      fi
      """;

  private static final String END = """
      exit 0
      }
      """;

  /** A script that needs nothing but itself. */
  public static Script of(String says, String body) {
    return new Script(says, body, false);
  }

  /** The same with the artefact's files. */
  public Script reading() {
    return new Script(says, body, true);
  }

  /**
   * The text of the script.
   *
   * @param target whose lock it takes
   * @param name its file's name, for its messages
   * @param files what it reads
   * @throws IllegalArgumentException if a file's name is no plain word
   */
  String text(String target, String name, SortedMap<String, Fingerprint> files) {
    StringBuilder comment = new StringBuilder();
    says.lines()
        .forEach(
            line -> comment.append(line.isEmpty() ? "#" : "# ").append(line).append('\n'));
    StringBuilder text =
        new StringBuilder(START.formatted(comment, name, name, reads ? " sha256sum sed wc" : ""));
    text.append(LOCK.formatted(target));
    if (reads) {
      StringBuilder list = new StringBuilder();
      for (Map.Entry<String, Fingerprint> file : files.entrySet()) {
        if (!NAME.matcher(file.getKey()).matches()) {
          throw new IllegalArgumentException("`" + file.getKey() + "` is no name of a file");
        }
        Fingerprint print = file.getValue();
        list.append(print.bytes() + " " + print.sha256() + "  " + file.getKey() + "\n");
      }
      text.append(CHECK.formatted(list));
    }
    return text.append(body).append(body.endsWith("\n") ? "" : "\n").append(END).toString();
  }
}
