# contents DIRECTORY JARS: writes what the packaged command in a directory holds as CycloneDX into its share, of the jars that lie there and of nothing else,
# and the licence of each beside it. JARS is where the native program's own parts are. Sourced by ./package, whose names it uses.

# licence NAME: the group, the licence and its text's file of a jar, by its name.
licence() {
  local pattern group spdx text
  while read -r pattern group spdx text; do
    # shellcheck disable=SC2254 # It is a pattern.
    case $1 in \#*) ;; $pattern) printf '%s %s %s\n' "$group" "$spdx" "$text" && return ;; esac
  done <distribution/licenses/jars
}

# coordinates JAR NAME GROUP: group, artefact and version, as Maven's own file in the jar has them, else by the name.
coordinates() {
  local group artifact release
  while read -r group artifact release; do
    [ "$artifact-$release" != "$2" ] || { printf '%s %s %s\n' "$group" "$artifact" "$release" && return; }
  done < <(unzip -qqp "$1" 'META-INF/maven/*/*/pom.properties' 2>/dev/null | tr -d '\r' | awk -F= '
    $1 == "groupId" {group = $2} $1 == "artifactId" {artifact = $2} $1 == "version" {version = $2}
    group != "" && artifact != "" && version != "" {print group, artifact, version; group = artifact = version = ""}')
  printf '%s %s %s\n' "$3" "${2%-[0-9]*}" "${2##*-}"
}

# component GROUP NAME VERSION LICENCE SHA256: one entry.
component() {
  local license="\"expression\":\"$4\""
  [ -n "$4" ] && license=",\"licenses\":[{$license}]" || license=
  printf '{"type":"library","bom-ref":"pkg:maven/%s/%s@%s","group":"%s","name":"%s","version":"%s","purl":"pkg:maven/%s/%s@%s","hashes":[{"alg":"SHA-256","content":"%s"}]%s}' \
    "$1" "$2" "$3" "$1" "$2" "$3" "$1" "$2" "$3" "$5" "$license"
}

contents() {
  local root=$1 jar name group spdx text artifact release there entries=() more=("$1"/lib/*.jar)
  # What the native program is compiled with stands in it, too.
  [ ! -x "$root/lib/postern" ] || more+=("$2"/teavm/teavm-{classlib,core,interop,jso,platform}-[0-9]*.jar)
  for jar in "${more[@]}"; do
    [ -r "$jar" ] || continue
    name=$(basename "$jar" .jar)
    read -r group spdx text < <(licence "$name" || true) || group=
    if [ -z "$group" ]; then
      say "no licence is known of $name.jar (hint: a line in distribution/licenses/jars)"
      [ "$packaged" != tree ] || return 2
      group=unknown spdx=
    fi
    there=$root/share/licenses/$name
    mkdir -p "$there"
    # It fails where a jar has one of the two only.
    unzip -qqoj "$jar" 'META-INF/LICENSE*' 'META-INF/NOTICE*' -d "$there" >/dev/null 2>&1 || true
    [ -z "${text:-}" ] || cp "distribution/licenses/$text" "$there/LICENSE"
    case $spdx in Apache-2.0) [ -e "$there/LICENSE" ] || cp LICENSE "$there/LICENSE" ;; esac
    rmdir "$there" 2>/dev/null || true
    if [ -n "$spdx" ] && [ ! -d "$there" ]; then
      say "there is no text of the licence $spdx of $name.jar (hint: a file in distribution/licenses)"
      return 2
    fi
    read -r group artifact release < <(coordinates "$jar" "$name" "$group")
    entries+=("$(component "$group" "$artifact" "$release" "$spdx" "$(sha256sum "$jar" | cut -d' ' -f1)")")
  done
  entries+=("$(printf '{"type":"platform","bom-ref":"runtime","name":"OpenJDK","version":"%s","licenses":[{"expression":"GPL-2.0-only WITH Classpath-exception-2.0"}]}' \
    "$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$root/runtime/release")")")
  {
    printf '{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"metadata":{"timestamp":"%s","component":{"type":"application","bom-ref":"postern","name":"postern","version":"%s","licenses":[{"expression":"Apache-2.0"}]}},"components":[\n' \
      "$stamp" "$version"
    printf '%s\n' "${entries[@]}" | sed '$!s/$/,/'
    printf ']}\n'
  } >"$root/share/postern.cyclonedx.json"
}
