package dev.postern.mapdump;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The scripts that make, fill and change pinned maps with {@code bpftool}. A pin {@code at-…} says which artefact's entries the maps hold, so
 * that a change is made only to those that it starts from.
 *
 * @param pin the directory of the pins unless {@code POSTERN_PIN} says otherwise
 * @param program whose layout it is, for the scripts' comments
 */
public record MapScript(String pin, String program) {

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
  public record Change(
      List<Edit> split,
      List<Edit> restrict,
      SortedMap<String, Created> created,
      List<String> removed,
      List<Edit> extend,
      List<Edit> join) {

    public Change {
      split = List.copyOf(split);
      restrict = List.copyOf(restrict);
      removed = List.copyOf(removed);
      extend = List.copyOf(extend);
      join = List.copyOf(join);
    }

    /** All edits of maps that were there before, in order. */
    public List<Edit> edits() {
      List<Edit> all = new ArrayList<>(split);
      all.addAll(restrict);
      all.addAll(extend);
      all.addAll(join);
      return all;
    }

    String summary() {
      long deleted = edits().stream().filter(Edit::deletes).count();
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

  private static final String START = """
      #!/bin/sh
      # %s
      #
      # POSTERN_PIN is the directory of the pins in the BPF file system, %s by default.
      set -eu
      here=$(cd "$(dirname "$0")" && pwd)
      pin=${POSTERN_PIN:-%s}
      command -v bpftool > /dev/null || { echo "apply.sh: error: bpftool is not installed" >&2; exit 2; }
      """;

  private static final String MARK = """
      rm -f "$pin"/at-*
      bpftool map create "$pin/at-%s" type array key 4 value 4 entries 1 name postern_at
      """;

  /**
   * Makes and fills maps.
   *
   * @param maps each with the name of its batch
   * @param digest of the artefact's batches
   */
  public String apply(List<NewMap> maps, List<String> batches, String digest) {
    String comment = "Makes maps of " + program + " layout and fills them from the batches beside"
        + " this script. They are pinned by Postern, not by an agent:\n"
        + "# an agent writes its own maps. Use them to try a layout, or to compare with what an"
        + " agent's maps hold.";
    StringBuilder text = new StringBuilder(START.formatted(comment, pin, pin)).append("""
        mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
        mkdir -p "$pin"
        rm -f "$pin"/at-*
        fill() {
          rm -f "$pin/$1"
          bpftool map create "$pin/$1" type "$3" key "$4" value "$5" entries "$6" name "$7" flags 1
          [ ! -s "$here/$2" ] || sed "s|@pin@|$pin|" "$here/$2" | bpftool batch file - > /dev/null
        }
        """);
    for (int i = 0; i < maps.size(); i++) {
      text.append("fill %s %s %s\n"
          .formatted(maps.get(i).pin, batches.get(i), maps.get(i).arguments()));
    }
    return text.append(MARK.formatted(digest)).toString();
  }

  /** Removes what {@link #apply} pinned; the patterns are those of the pins. */
  public String remove(String patterns) {
    return """
        #!/bin/sh
        # Removes the maps that apply.sh pinned.
        set -eu
        pin=${POSTERN_PIN:-%s}
        rm -f %s "$pin"/at-*
        rmdir "$pin" 2> /dev/null || true
        """.formatted(pin, patterns);
  }

  /**
   * A change as files: the batches and {@code apply.sh}.
   *
   * @param from the digest of the artefact whose entries are in force
   * @param to the digest of that whose entries shall be
   */
  public SortedMap<String, String> change(Change change, String from, String to) {
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
    String comment = "Changes maps of " + program + " layout from one artefact's entries to"
        + " another's, entry by entry in the order of the batches: in every state\n"
        + "# between, nothing passes that neither allows, and what both allow passes.";
    StringBuilder text =
        new StringBuilder(START.formatted(comment, pin, pin)).append("""
        [ ! -e "$pin/at-%s" ] || { echo "apply.sh: the maps hold these entries already"; exit 0; }
        if [ ! -e "$pin/at-%s" ]; then
          echo "apply.sh: error: the maps in $pin are not those that this starts from (hint: apply the whole artefact)" >&2
          exit 1
        fi
        rm -f "$pin"/new-*
        edit() {
          [ ! -s "$here/$1" ] || sed "s|@pin@|$pin|" "$here/$1" | bpftool batch file - > /dev/null
        }
        make() {
          bpftool map create "$pin/$1" type "$2" key "$3" value "$4" entries "$5" name "$6" flags 1
        }
        edit 1-split.batch
        edit 2-restrict.batch
        """.formatted(to, from));
    text.append(making).append("edit 3-created.batch\n").append(naming);
    change.removed.forEach(name -> text.append("rm \"$pin/%s\"\n".formatted(name)));
    text.append("edit 4-extend.batch\nedit 5-join.batch\n").append(MARK.formatted(to));
    files.put("apply.sh", text.toString());
    files.put("summary.txt", change.summary());
    return files;
  }
}
