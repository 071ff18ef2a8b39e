package dev.postern.reach;

import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What of each endpoint of a matrix is wanted: made once, so that an endpoint is one object wherever it is shown. */
final class NarrowedEndpoints {

  /** All of every endpoint. */
  static final NarrowedEndpoints EVERYONE = new NarrowedEndpoints(Optional.empty(), false);

  private final Optional<Map<Endpoint, List<Endpoint>>> parts;
  private final boolean cut;

  private NarrowedEndpoints(Optional<Map<Endpoint, List<Endpoint>>> parts, boolean cut) {
    this.parts = parts;
    this.cut = cut;
  }

  /**
   * The wanted parts of all endpoints.
   *
   * @param single addresses each of which is a part of its own
   * @param known parts by name that another selection has made, to which this one adds
   */
  static NarrowedEndpoints of(
      List<Endpoint> all,
      EndpointSelection selection,
      AddressSet single,
      Map<String, Endpoint> known) {
    if (selection.everyone()) {
      return EVERYONE;
    }
    Map<Endpoint, List<Endpoint>> parts = new IdentityHashMap<>();
    boolean cut = false;
    for (Endpoint endpoint : all) {
      List<Endpoint> own = new ArrayList<>();
      for (Endpoint part : cut(selection.of(endpoint), single)) {
        cut |= part instanceof Endpoint.External external
            && single.contains(external.range().first());
        // A range that is wanted as a whole is the endpoint itself.
        Endpoint whole = part.id().equals(endpoint.id()) ? endpoint : part;
        own.add(known.computeIfAbsent(part.id(), id -> whole));
      }
      parts.put(endpoint, own);
    }
    return new NarrowedEndpoints(Optional.of(parts), cut);
  }

  private static List<Endpoint> cut(List<Endpoint> parts, AddressSet single) {
    List<Endpoint> all = new ArrayList<>();
    for (Endpoint part : parts) {
      if (part instanceof Endpoint.External external) {
        AddressSet whole = AddressSet.of(external.range());
        List<AddressRange> ranges = new ArrayList<>(whole.minus(single).ranges());
        whole.intersect(single).each().forEach(one -> ranges.add(new AddressRange(one, one)));
        ranges.sort(Comparator.comparing(AddressRange::first));
        ranges.forEach(range -> all.add(new Endpoint.External(range)));
      } else {
        all.add(part);
      }
    }
    return all;
  }

  /** Whether addresses are wanted that are parts of their own. */
  boolean isCut() {
    return cut;
  }

  boolean isEveryone() {
    return parts.isEmpty();
  }

  List<Endpoint> of(Endpoint endpoint) {
    return parts.map(each -> each.getOrDefault(endpoint, List.of())).orElse(List.of(endpoint));
  }
}
