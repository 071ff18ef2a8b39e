package dev.postern.cli.live;

import dev.postern.cli.console.UserError;
import dev.postern.cli.live.Listing.Presence;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.manifest.UnreadKinds;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lists what a cluster holds, page by page. Whatever cannot be listed is a {@link UserError}: a policy that was not seen could be the one that decides.
 */
public final class LiveCluster {

  private static final int OBJECTS_A_PAGE = 500;

  private LiveCluster() {}

  /**
   * Reads everything that matters to policies, and lists the policies of kinds that are not read, so that they can be named. Where such a
   * kind may not be listed, that is part of the result and no failure.
   *
   * @param kubeconfig the file; where absent those of {@code KUBECONFIG}, else {@code ~/.kube/config}
   * @param context the context; where absent the current one
   * @throws UserError if there is no such context, or the server cannot be reached or refuses
   */
  public static Listed read(
      Optional<Path> kubeconfig, Optional<String> context, Map<String, String> environment) {
    return read(Kubeconfig.find(kubeconfig, context, environment), Bounds.USUAL);
  }

  /** Reads everything from a server that is known, within bounds. */
  static Listed read(Kubeconfig.Access access, Bounds bounds) {
    access.config().setRequestRetryBackoffLimit(2);
    try (Server server = connect(access, bounds)) {
      List<Page> pages = new ArrayList<>();
      for (Listing listing : Listing.ALL) {
        String source = server.address() + listing.path();
        try {
          pages.addAll(list(server, listing, source));
        } catch (Unanswered problem) {
          if (problem.code() != 403 || listing.presence() != Presence.WHERE_ALLOWED) {
            throw complaint(problem, listing, source);
          }
        }
      }
      Discovery discovery = Discovery.of(server);
      List<UnreadPolicy> unseen = new ArrayList<>(discovery.unseen());
      Set<List<String>> shown = new HashSet<>();
      for (Listing listing : discovery.listings()) {
        String source = server.address() + listing.path();
        try {
          pages.addAll(list(server, listing, source));
          shown.add(List.of(listing.group(), listing.kind()));
        } catch (Unanswered problem) {
          if (problem.code() != 403) {
            throw complaint(problem, listing, source);
          }
          unseen.add(Discovery.unseen(listing.apiVersion(), listing.kind(), source));
        }
      }
      unseen.removeIf(each -> UnreadKinds.keeperOf(each.group())
          .filter(keeper -> shown.contains(List.of(keeper, each.kind())))
          .isPresent());
      return new Listed(pages, unseen);
    }
  }

  private static Server connect(Kubeconfig.Access access, Bounds bounds) {
    try {
      return new Server(access.config(), bounds);
    } catch (KubernetesClientException | IllegalArgumentException problem) {
      throw new UserError(access.file() + ": error: the server or the credentials cannot be used: "
          + Failure.reason(problem));
    }
  }

  private static List<Page> list(Server server, Listing listing, String source) {
    try {
      return pages(server, listing, source);
    } catch (Unanswered problem) {
      if (problem.code() == 404 && listing.optional()) {
        return List.of();
      }
      if (problem.code() != 410) {
        throw problem;
      }
    }
    // 410: the list is older than the server remembers, so the pages no longer fit together. Once
    // more, from the start.
    return pages(server, listing, source);
  }

  private static List<Page> pages(Server server, Listing listing, String source) {
    List<Page> pages = new ArrayList<>();
    Set<String> tokens = new HashSet<>();
    String more = "";
    do {
      if (!tokens.add(more)) {
        throw new UserError(
            source + ": error: the server's list has no end: it continues where it did before");
      }
      String query =
          "?limit=" + OBJECTS_A_PAGE + (more.isEmpty() ? "" : "&continue=" + encode(more));
      String json = server.get(listing.path() + query, source);
      pages.add(new Page(source, json));
      more = ListAnswer.of(json, listing, source).more();
    } while (!more.isEmpty());
    return pages;
  }

  private static UserError complaint(Unanswered problem, Listing listing, String source) {
    String what = problem.code() == 403
        ? "not allowed to list " + listing.resource() + " (hint: bind a ClusterRole that may list "
            + listing.resource() + ")"
        : problem.reason();
    return new UserError(source + ": error: " + what);
  }

  private static String encode(String token) {
    return URLEncoder.encode(token, StandardCharsets.UTF_8);
  }
}
