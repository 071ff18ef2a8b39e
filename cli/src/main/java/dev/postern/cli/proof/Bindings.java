package dev.postern.cli.proof;

import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Scope;
import dev.postern.cli.console.UserError;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract.Binding;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.netfilter.reader.UnreadableDump;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Which interfaces a node has and which addresses are behind them, as a command line says it. */
public final class Bindings {

  private Bindings() {}

  /**
   * What all words and tables of routes say together.
   *
   * @param words each {@code name=address}
   * @param routes files with what {@code ip route} or {@code ip -j route} prints
   * @throws UserError if a word or a file is none, or an address is bound to two interfaces
   */
  public static Wiring of(List<String> words, List<Path> routes, Cluster cluster, Scope scope) {
    List<Binding> all = new ArrayList<>();
    Wiring tables = Wiring.NONE;
    words.forEach(word -> all.add(binding(word)));
    for (Path file : routes) {
      Dump dump = Dumps.file(file);
      try {
        Routes table = Routes.of(dump.file(), dump.text());
        all.addAll(table.ofSingleAddresses());
        tables = tables.and(table.routing(LiveRoutes.taken(cluster)));
      } catch (UnreadableDump problem) {
        throw new UserError(String.valueOf(problem.getMessage()));
      }
    }
    Map<String, AddressSet> behind = new TreeMap<>();
    for (Binding binding : all) {
      behind.forEach((name, addresses) -> {
        AddressSet both = addresses.intersect(binding.addresses());
        if (!name.equals(binding.name()) && !both.isEmpty()) {
          throw new UserError("postern prove: error: " + both + " is bound to " + name + " and to "
              + binding.name() + " (hint: a packet of an address uses one interface)");
        }
      });
      behind.merge(binding.name(), binding.addresses(), AddressSet::union);
    }
    Wiring said = new Wiring(
        behind.entrySet().stream()
            .map(each -> new Binding(each.getKey(), each.getValue()))
            .toList(),
        tables.routing());
    for (Path file : routes) {
      Dump dump = Dumps.file(file);
      said = said.and(Routes.of(dump.file(), dump.text())
          .behind(LiveRoutes.podsBesides(said.bindings(), cluster, scope)));
    }
    return said;
  }

  /** Linux cuts names after 15 bytes, and has none with these characters ({@code dev_valid_name}). */
  private static final Pattern NAME = Pattern.compile("[^/:\\s]{1,15}");

  private static Binding binding(String word) {
    int equals = word.lastIndexOf('=');
    try {
      if (equals > 0) {
        if (!NAME.matcher(word.substring(0, equals)).matches()) {
          throw new UserError("postern prove: error: --interface: no interface has the name "
              + word.substring(0, equals) + " (hint: at most 15 characters)");
        }
        Address address = Address.parse(word.substring(equals + 1));
        return new Binding(word.substring(0, equals), AddressSet.ofAddresses(List.of(address)));
      }
    } catch (IllegalArgumentException problem) {
      throw noBinding(word);
    }
    throw noBinding(word);
  }

  private static UserError noBinding(String word) {
    return new UserError("postern prove: error: --interface takes <name>=<address>, not " + word);
  }
}
