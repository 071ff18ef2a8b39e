package dev.postern.mapdump;

import dev.postern.backend.Draft;
import dev.postern.backend.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The scripts that make, fill and change pinned maps with {@code bpftool}. A pin {@code at-…} says which artefact's entries the maps hold, so
 * that a change is made only to those that it starts from.
 *
 * @param target whose scripts they are
 * @param pin the directory of the pins unless {@code POSTERN_PIN} says otherwise
 * @param program whose layout it is, for the scripts' comments
 */
public record MapScript(String target, String pin, String program) {

  /**
   * A map to be made.
   *
   * @param pin the name of its pin: no dots
   * @param type as bpftool names it
   * @param key the size of a key in bytes
   * @param value the size of a value in bytes
   * @param capacity how many entries it holds
   * @param name what bpftool calls it, at most 15 characters
   */
  public record NewMap(String pin, String type, int key, int value, int capacity, String name) {

    private String arguments() {
      return type + " " + key + " " + value + " " + capacity + " " + name;
    }
  }

  /**
   * A change of maps in steps that are safe one by one: first what no longer passes, then what passes anew.
   *
   * @param split moves addresses to identities of their own where they change differently; nothing else changes
   * @param restrict takes away what does not pass any more
   * @param created maps that come, with their entries: they appear filled
   * @param removed pins of maps that go
   * @param extend lets pass what passes anew
   * @param join gives addresses the identities that they have in the end
   */
  public record MapChanges(
      List<MapEdit> split,
      List<MapEdit> restrict,
      SortedMap<String, Created> created,
      List<String> removed,
      List<MapEdit> extend,
      List<MapEdit> join) {

    public MapChanges {
      split = List.copyOf(split);
      restrict = List.copyOf(restrict);
      removed = List.copyOf(removed);
      extend = List.copyOf(extend);
      join = List.copyOf(join);
    }

    /** All edits of maps that were there before, in order. */
    public List<MapEdit> edits() {
      List<MapEdit> all = new ArrayList<>(split);
      all.addAll(restrict);
      all.addAll(extend);
      all.addAll(join);
      return all;
    }

    String summary() {
      long deleted = edits().stream().filter(MapEdit::deletes).count();
      return """
          entries put      %d
          entries deleted  %d
          maps made        %d
          maps removed     %d
          """.formatted(edits().size() - deleted, deleted, created.size(), removed.size());
    }
  }

  /** A map that comes, and what it holds. */
  public record Created(NewMap map, List<MapEntry> entries) {
    public Created {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Sets {@code $pin}, and takes a lock of those pins: they may be seen from more than one network namespace. A directory of pins is one
   * target's alone: there, a directory of its name says so. {@code owned} is whether it is there, and {@code own} makes it, in an empty
   * directory only.
   *
   * @param target whose pins they are
   * @param otherwise their directory unless {@code POSTERN_PIN} says otherwise
   */
  public static String pins(String target, String otherwise) {
    return """
        pin=${POSTERN_PIN:-%2$s}
        case $pin in
          *[!A-Za-z0-9/_.-]*) fail "POSTERN_PIN has characters that are none of A-Z a-z 0-9 / _ . -" ;;
          /*) ;;
          *) fail "POSTERN_PIN is no absolute path: $pin" ;;
        esac
        # A directory has one name here, however it is written, so that it has one lock.
        pin=$(printf %%s "$pin" | tr -s /)
        pin=${pin%%/}
        [ ! -d "$pin" ] || pin=$(cd "$pin" && pwd -P)
        lock 8 "pins$(printf %%s "$pin" | tr / -)"
        owned() { [ -d "$pin/of-%1$s" ]; }
        own() {
          mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
          mkdir -p "$pin"
          owned || {
            there=$(ls -A "$pin")
            [ -z "$there" ] || fail "nothing was changed: what is in $pin was pinned by others (hint: POSTERN_PIN=DIRECTORY names another directory)"
            mkdir "$pin/of-%1$s"
          }
        }
        """.formatted(target, otherwise);
  }

  private Script script(String says, String body) {
    return Script.of(
        says + "\n\nPOSTERN_PIN is the directory of the pins in the BPF file system, " + pin
            + " by default.",
        "need bpftool mountpoint sed tr\n" + pins(target, pin) + body);
  }

  private static final String MARK = """
      bpftool map create "$pin/at-%s" type array key 4 value 4 entries 1 name postern_at
      """;

  /** Maps appear filled: while they are filled, their pins have other names. */
  private static final String MAKE = """
      make() {
        bpftool map create "$pin/$1" type "$2" key "$3" value "$4" entries "$5" name "$6" flags 1
      }
      # edit FILE [PREFIX]: the pins that the file names, with the prefix before their names
      edit() {
        sed "s|@pin@/|$pin/${2:-}|" "$1" > "$work/batch"
        [ ! -s "$work/batch" ] || bpftool batch file "$work/batch" > /dev/null
      }
      """;

  /**
   * Makes and fills maps.
   *
   * @param maps each with the name of its batch
   * @param digest of the artefact's batches
   */
  public Script apply(List<NewMap> maps, List<String> batches, String digest) {
    String says = "Makes maps of " + program + " layout and fills them from the batches beside"
        + " this script. They are pinned by Postern, not by an agent:\n"
        + "an agent writes its own maps. Use them to try a layout, or to compare with what an"
        + " agent's maps hold.";
    StringBuilder text = new StringBuilder(MAKE).append("""
        own
        rm -f "$pin"/new-*
        fill() {
          map=$1
          batch=$2
          shift 2
          make "new-$map" "$@"
          edit "$batch" new-
        }
        """);
    for (int i = 0; i < maps.size(); i++) {
      text.append("fill %s %s %s\n"
          .formatted(maps.get(i).pin, batches.get(i), maps.get(i).arguments()));
    }
    text.append("rm -f \"$pin\"/at-*\n");
    maps.forEach(map -> text.append("mv \"$pin/new-%1$s\" \"$pin/%1$s\"\n".formatted(map.pin)));
    return script(says, text.append(MARK.formatted(digest)).toString()).reading();
  }

  /** Removes what {@link #apply} pinned; the patterns are those of the pins. */
  public Script remove(String patterns) {
    return script("Removes the maps that apply.sh pinned.", """
        owned || { echo "remove.sh: nothing of this target is pinned in $pin"; exit 0; }
        rm -f %s "$pin"/new-* "$pin"/at-*
        rmdir "$pin/of-%s"
        rmdir "$pin" 2> /dev/null || :
        """.formatted(patterns, target));
  }

  /**
   * A change as files: the batches and {@code apply.sh}.
   *
   * @param target the target's name
   * @param from the digest of the artefact whose entries are in force
   * @param to the digest of that whose entries shall be
   */
  public Draft change(String target, MapChanges change, String from, String to) {
    SortedMap<String, String> files = new TreeMap<>();
    files.put("1-split.batch", Batch.of(change.split));
    files.put("2-restrict.batch", Batch.of(change.restrict));
    StringBuilder filling = new StringBuilder();
    StringBuilder making = new StringBuilder();
    StringBuilder naming = new StringBuilder();
    change.created.forEach((name, created) -> {
      filling.append(Batch.updates("new-" + name, created.entries));
      making.append("make %s %s\n".formatted("new-" + name, created.map.arguments()));
      naming.append("mv \"$pin/new-%s\" \"$pin/%s\"\n".formatted(name, name));
    });
    files.put("3-created.batch", filling.toString());
    files.put("4-extend.batch", Batch.of(change.extend));
    files.put("5-join.batch", Batch.of(change.join));
    String says = "Changes maps of " + program + " layout from one artefact's entries to"
        + " another's, entry by entry in the order of the batches: in every state\n"
        + "between, nothing passes that neither allows, and what both allow passes. Interrupted, it leaves one of those states: then apply the"
        + "\nwhole artefact.";
    StringBuilder text = new StringBuilder(MAKE).append("""
        [ ! -e "$pin/at-%s" ] || { echo "apply.sh: the maps hold these entries already"; exit 0; }
        [ -e "$pin/at-%s" ] || fail "the maps in $pin are not those that this starts from (hint: apply the whole artefact)"
        rm -f "$pin"/new-* "$pin"/at-*
        edit 1-split.batch
        edit 2-restrict.batch
        """.formatted(to, from));
    text.append(making).append("edit 3-created.batch\n").append(naming);
    change.removed.forEach(name -> text.append("rm \"$pin/%s\"\n".formatted(name)));
    text.append("edit 4-extend.batch\nedit 5-join.batch\n").append(MARK.formatted(to));
    files.put("summary.txt", change.summary());
    Script script = script(says, text.toString()).reading();
    return Draft.of(target, files, Map.of("apply.sh", script), change.summary());
  }
}
