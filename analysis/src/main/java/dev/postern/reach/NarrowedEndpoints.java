package dev.postern.reach;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What of each endpoint of a matrix is wanted: made once, so that an endpoint is one object wherever it is shown. */
final class NarrowedEndpoints {

  /** All of every endpoint. */
  static final NarrowedEndpoints EVERYONE = new NarrowedEndpoints(Optional.empty());

  private final Optional<Map<Endpoint, List<Endpoint>>> parts;

  private NarrowedEndpoints(Optional<Map<Endpoint, List<Endpoint>>> parts) {
    this.parts = parts;
  }

  /**
   * The wanted parts of all endpoints.
   *
   * @param known parts by name that another selection has made, to which this one adds
   */
  static NarrowedEndpoints of(
      List<Endpoint> all, EndpointSelection selection, Map<String, Endpoint> known) {
    if (selection.everyone()) {
      return EVERYONE;
    }
    Map<Endpoint, List<Endpoint>> parts = new IdentityHashMap<>();
    for (Endpoint endpoint : all) {
      List<Endpoint> own = new ArrayList<>();
      for (Endpoint part : selection.of(endpoint)) {
        // A range that is wanted as a whole is the endpoint itself.
        Endpoint whole = part.id().equals(endpoint.id()) ? endpoint : part;
        own.add(known.computeIfAbsent(part.id(), id -> whole));
      }
      parts.put(endpoint, own);
    }
    return new NarrowedEndpoints(Optional.of(parts));
  }

  boolean isEveryone() {
    return parts.isEmpty();
  }

  List<Endpoint> of(Endpoint endpoint) {
    return parts.map(each -> each.getOrDefault(endpoint, List.of())).orElse(List.of(endpoint));
  }
}
