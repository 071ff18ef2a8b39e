package dev.postern.cli.live;

import dev.postern.cli.console.UserError;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.UnreadKinds;
import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIGroupList;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks a server what it serves (the API's discovery endpoints), and finds the kinds that decide about traffic and that Postern does not
 * read.
 *
 * @param listings where to list them
 * @param unseen the groups whose kinds the server did not tell
 */
record Discovery(List<Listing> listings, List<UnreadPolicy> unseen) {

  private static final Set<String> READ =
      Listing.ALL.stream().map(Listing::path).collect(Collectors.toUnmodifiableSet());

  /**
   * Asks the server.
   *
   * @throws UserError if it does not tell its groups
   */
  static Discovery of(Server server) {
    List<Listing> listings = new ArrayList<>();
    List<UnreadPolicy> unseen = new ArrayList<>();
    for (APIGroup group : groups(server)) {
      if (UnreadKinds.isOnlyOfMeasurements(group.getName())) {
        continue;
      }
      Map<String, Listing> byKind = new LinkedHashMap<>();
      for (String version : versions(group)) {
        try {
          resources(server, version)
              .forEach(each ->
                  byKind.merge(each.kind(), each, (a, b) -> READ.contains(b.path()) ? b : a));
        } catch (Unanswered problem) {
          if (problem.code() != 404) {
            unseen.add(unseen(version, "*", server.address() + "/apis/" + version));
          }
        }
      }
      byKind.values().stream().filter(each -> !READ.contains(each.path())).forEach(listings::add);
    }
    return new Discovery(listings, unseen);
  }

  /** Any number of policies of a kind that were not seen. */
  static UnreadPolicy unseen(String apiVersion, String kind, String source) {
    return new UnreadPolicy(
        UnreadPolicy.Cause.UNSEEN,
        apiVersion,
        kind,
        "",
        "",
        UnreadPolicy.ANY_POD,
        new Origin(source, 0, 0, ""));
  }

  private static List<APIGroup> groups(Server server) {
    String source = server.address() + "/apis";
    try {
      APIGroupList found = parse(server.get("/apis", source), APIGroupList.class, source);
      if (!"APIGroupList".equals(found.getKind())) {
        throw new UserError(source + ": error: the server does not tell which kinds it serves");
      }
      return found.getGroups();
    } catch (Unanswered problem) {
      throw new UserError(source + ": error: "
          + (problem.code() == 403
              ? "not allowed to ask which kinds the server serves (hint: bind the ClusterRole system:discovery)"
              : problem.reason()));
    }
  }

  /** The versions of a group, the server's preferred one first. */
  private static List<String> versions(APIGroup group) {
    Stream<GroupVersionForDiscovery> preferred = Stream.ofNullable(group.getPreferredVersion());
    return Stream.concat(preferred, group.getVersions().stream())
        .map(GroupVersionForDiscovery::getGroupVersion)
        .distinct()
        .toList();
  }

  private static List<Listing> resources(Server server, String groupVersion) {
    String source = server.address() + "/apis/" + groupVersion;
    APIResourceList found =
        parse(server.get("/apis/" + groupVersion, source), APIResourceList.class, source);
    if (!"APIResourceList".equals(found.getKind())) {
      throw new UserError(source + ": error: the server does not tell which kinds it serves");
    }
    String group = groupVersion.substring(0, Math.max(0, groupVersion.indexOf('/')));
    return found.getResources().stream()
        .filter(each -> isListed(each) && UnreadKinds.mayDecide(group, each.getKind()))
        .map(each -> Listing.discovered(groupVersion, each.getName(), each.getKind()))
        .toList();
  }

  /** Subresources are part of what is listed. */
  private static boolean isListed(APIResource resource) {
    return resource.getKind() != null
        && resource.getName() != null
        && resource.getName().indexOf('/') < 0
        && resource.getVerbs().contains("list");
  }

  private static <T> T parse(String json, Class<T> type, String source) {
    try {
      T found = Serialization.unmarshal(json, type);
      if (found == null) {
        throw new UserError(source + ": error: the server's answer is empty");
      }
      return found;
    } catch (IllegalArgumentException problem) {
      throw new UserError(
          source + ": error: the server's answer is not JSON: " + Failure.reason(problem));
    }
  }
}
