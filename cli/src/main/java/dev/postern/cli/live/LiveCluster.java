package dev.postern.cli.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.postern.cli.console.Complaint;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lists what a cluster holds, page by page. The answers stay text: Fabric8 finds and authenticates the server, its types would lose what
 * the reader must see. Whatever cannot be listed is a {@link Complaint}: a policy that was not seen could be the one that decides.
 */
public final class LiveCluster {

  private static final int OBJECTS_A_PAGE = 500;

  private static final JsonFactory JSON = new JsonFactory();

  private LiveCluster() {}

  /**
   * Reads everything that matters to policies.
   *
   * @param kubeconfig the file; where absent those of {@code KUBECONFIG}, else {@code ~/.kube/config}
   * @param context the context; where absent the current one
   * @throws Complaint if there is no such context, or the server cannot be reached or refuses
   */
  public static List<Page> read(
      Optional<Path> kubeconfig, Optional<String> context, Map<String, String> environment) {
    Config config = Kubeconfig.find(kubeconfig, context, environment);
    config.setRequestRetryBackoffLimit(2);
    try (KubernetesClient client =
        new KubernetesClientBuilder().withConfig(config).build()) {
      List<Page> pages = new ArrayList<>();
      for (Listing listing : Listing.ALL) {
        pages.addAll(list(client, listing));
      }
      return pages;
    }
  }

  private static List<Page> list(KubernetesClient client, Listing listing) {
    String source = client.getMasterUrl().toString().replaceAll("/$", "") + listing.path();
    try {
      return pages(client, listing, source);
    } catch (KubernetesClientException problem) {
      if (problem.getCode() == 404 && listing.optional()) {
        return List.of();
      }
      if (problem.getCode() != 410) {
        throw complaint(problem, listing, source);
      }
    }
    // 410: the list is older than the server remembers, so the pages no longer fit together. Once
    // more, from the start.
    try {
      return pages(client, listing, source);
    } catch (KubernetesClientException problem) {
      throw complaint(problem, listing, source);
    }
  }

  private static List<Page> pages(KubernetesClient client, Listing listing, String source) {
    List<Page> pages = new ArrayList<>();
    String more = "";
    do {
      String query =
          "?limit=" + OBJECTS_A_PAGE + (more.isEmpty() ? "" : "&continue=" + encode(more));
      String json = client.raw(listing.path() + query, "GET", null);
      pages.add(new Page(source, json));
      more = continuation(json, source);
    } while (!more.isEmpty());
    return pages;
  }

  /** The token {@code metadata.continue} of a list, empty on its last page. */
  private static String continuation(String json, String source) {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Complaint(source + ": error: the server answered with something that is no list");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (field.equals("metadata")) {
          return continuation(parser);
        }
        parser.skipChildren();
      }
      return "";
    } catch (IOException problem) {
      throw new Complaint(
          source + ": error: the server's answer is not JSON: " + Failure.reason(problem));
    }
  }

  private static String continuation(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      if (field.equals("continue")) {
        return parser.getValueAsString("");
      }
      parser.skipChildren();
    }
    return "";
  }

  private static Complaint complaint(
      KubernetesClientException problem, Listing listing, String source) {
    String what = switch (problem.getCode()) {
      case 401 -> "the server does not accept the credentials (hint: log in again)";
      case 403 ->
        "not allowed to list " + listing.resource() + " (hint: bind a ClusterRole that may list "
            + listing.resource() + ")";
      case 0, -1 -> "cannot reach the server: " + Failure.reason(problem);
      default -> "the server answered " + problem.getCode() + ": " + Failure.reason(problem);
    };
    return new Complaint(source + ": error: " + what);
  }

  private static String encode(String token) {
    return URLEncoder.encode(token, StandardCharsets.UTF_8);
  }
}
