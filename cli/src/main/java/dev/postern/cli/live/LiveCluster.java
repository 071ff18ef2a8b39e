package dev.postern.cli.live;

import dev.postern.cli.console.UserError;
import dev.postern.cluster.UnreadPolicy;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
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
 * Lists what a cluster holds, page by page. The answers stay text: Fabric8 finds and authenticates the server, its types would lose what
 * the reader must see. Whatever cannot be listed is a {@link UserError}: a policy that was not seen could be the one that decides.
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
    Config config = Kubeconfig.find(kubeconfig, context, environment);
    config.setRequestRetryBackoffLimit(2);
    try (KubernetesClient client =
        new KubernetesClientBuilder().withConfig(config).build()) {
      String server = client.getMasterUrl().toString().replaceAll("/$", "");
      List<Page> pages = new ArrayList<>();
      for (Listing listing : Listing.ALL) {
        String source = server + listing.path();
        try {
          pages.addAll(list(client, listing, source));
        } catch (KubernetesClientException problem) {
          throw complaint(problem, listing, source);
        }
      }
      Discovery discovery = Discovery.of(client, server);
      List<UnreadPolicy> unseen = new ArrayList<>(discovery.unseen());
      for (Listing listing : discovery.listings()) {
        String source = server + listing.path();
        try {
          pages.addAll(list(client, listing, source));
        } catch (KubernetesClientException problem) {
          if (problem.getCode() != 403) {
            throw complaint(problem, listing, source);
          }
          unseen.add(Discovery.unseen(listing.apiVersion(), listing.kind(), source));
        }
      }
      return new Listed(pages, unseen);
    }
  }

  private static List<Page> list(KubernetesClient client, Listing listing, String source) {
    try {
      return pages(client, listing, source);
    } catch (KubernetesClientException problem) {
      if (problem.getCode() == 404 && listing.optional()) {
        return List.of();
      }
      if (problem.getCode() != 410) {
        throw problem;
      }
    }
    // 410: the list is older than the server remembers, so the pages no longer fit together. Once
    // more, from the start.
    return pages(client, listing, source);
  }

  private static List<Page> pages(KubernetesClient client, Listing listing, String source) {
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
      String json = client.raw(listing.path() + query, "GET", null);
      pages.add(new Page(source, json));
      more = ListAnswer.of(json, listing, source).more();
    } while (!more.isEmpty());
    return pages;
  }

  private static UserError complaint(
      KubernetesClientException problem, Listing listing, String source) {
    String what = problem.getCode() == 403
        ? "not allowed to list " + listing.resource() + " (hint: bind a ClusterRole that may list "
            + listing.resource() + ")"
        : reason(problem);
    return new UserError(source + ": error: " + what);
  }

  /** Why a request failed. */
  static String reason(KubernetesClientException problem) {
    return switch (problem.getCode()) {
      case 401 -> "the server does not accept the credentials (hint: log in again)";
      case 0, -1 -> "cannot reach the server: " + Failure.reason(problem);
      default -> "the server answered " + problem.getCode() + ": " + Failure.reason(problem);
    };
  }

  private static String encode(String token) {
    return URLEncoder.encode(token, StandardCharsets.UTF_8);
  }
}
