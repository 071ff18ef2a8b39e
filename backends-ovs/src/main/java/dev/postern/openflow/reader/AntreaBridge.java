package dev.postern.openflow.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the flows of an Antrea agent say of its bridge.
 *
 * @param pods the addresses behind each port that has pods, by its number
 * @param others the ports by which packets of all other addresses come: the host's and the tunnel's
 * @param gateway the host's own addresses on the bridge
 * @param families the families of which pods have addresses
 * @param inconsistent addresses of pods of which flows do not agree where they are
 * @param toServices packets whose destination is to be set to an endpoint of a Service
 * @param translated the rules that these meet once it is set, one for each way in which Services mark them
 */
public record AntreaBridge(
    Map<String, AddressSet> pods,
    Set<String> others,
    AddressSet gateway,
    Set<Family> families,
    List<String> inconsistent,
    Condition toServices,
    List<EnforcedRules> translated) {

  public AntreaBridge {
    pods = Map.copyOf(pods);
    others = Set.copyOf(others);
    families = Set.copyOf(families);
    inconsistent = List.copyOf(inconsistent);
    translated = List.copyOf(translated);
  }

  static AntreaBridge of(Antrea antrea, List<EnforcedRules> translated) {
    return new AntreaBridge(
        antrea.pods(),
        antrea.others(),
        antrea.gateway(),
        antrea.families(),
        antrea.inconsistent(),
        antrea.toServices(),
        translated);
  }
}
