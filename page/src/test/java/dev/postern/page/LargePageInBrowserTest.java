package dev.postern.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * A page of 3,000 workloads beside one of 300: what the reader waits for must not grow with the cluster, so elements of the page and what its
 * engines are given are counted.
 */
class LargePageInBrowserTest extends OpenedPage {

  private static final int SMALL = 10;
  private static final int LARGE = 100;

  /** Notes what the page gives to its engines, but for all manifests, which they read once, and edits that nobody waits for. */
  private static final String NOTE = """
      window.asked = [];
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (call) {
        const {name, values} = call;
        if (name !== 'rehearse' && (name !== 'read' || values[0] > 0)) {
          window.asked.push({name, size: JSON.stringify(values).length});
        }
        return post.call(this, call);
      };
      """;

  /**
   * What a page took.
   *
   * @param elements by view, how many it is made of
   * @param calls by their names, how many characters went to an engine
   */
  private record Taken(Map<String, Long> elements, Map<String, Long> calls) {}

  @Test
  void tenTimesTheWorkloadsMakeNeitherViewsNorAnswersNorEditsLarge() throws IOException {
    Taken small = taken(SMALL);
    Taken large = taken(LARGE);

    assertThat(large.calls().keySet()).isEqualTo(small.calls().keySet());
    assertThat(large.calls()).containsKeys("read", "decided", "edit", "difference");
    large
        .calls()
        .forEach((call, size) -> assertThat(size)
            .as(call)
            .isLessThan(2 * Objects.requireNonNull(small.calls().get(call)) + 100));
    for (String view : List.of("overview", "table")) {
      assertThat(large.elements().get(view))
          .as(view)
          .isLessThan(3 * Objects.requireNonNull(small.elements().get(view)));
    }
    // Ten times the namespaces are ten times the boxes and columns, and more rows, but no more than
    // are
    // drawn at once.
    for (String view : List.of("map", "matrix", "findings")) {
      assertThat(large.elements().get(view))
          .as(view)
          .isLessThan(22 * Objects.requireNonNull(small.elements().get(view)));
    }
    assertThat(small.elements().get("lines")).isPositive();
    assertThat(large.elements().get("lines")).isZero();
    assertThat(large.elements().values()).allMatch(count -> count < 7_000);
  }

  private Taken taken(int namespaces) throws IOException {
    Map<?, ?> noted = (Map<?, ?>) browser
        .driver()
        .executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", NOTE));
    open(manifests(namespaces), "");
    browser
        .driver()
        .executeCdpCommand(
            "Page.removeScriptToEvaluateOnNewDocument",
            Map.of("identifier", Objects.requireNonNull(noted.get("identifier"))));
    Map<String, Long> elements = new LinkedHashMap<>();
    for (String view : List.of("overview", "map", "matrix", "table", "findings")) {
      goTo(view);
      elements.put(view, (Long) browser.run("return document.querySelectorAll('main *').length"));
    }
    browser.go("#map?at=team-3");
    browser.find(".node.chosen");
    elements.put(
        "lines", (Long) browser.run("return document.querySelectorAll('.map .edge').length"));
    if (namespaces == LARGE) {
      browser.find(".map .node text.small", "in 610 · out 600");
      browser.find("#view-map .soft", "Too many boxes for lines");
    }
    browser.go("#can team-3/web-1 reach team-4/db-2 on 5432");
    browser.find(".verdict", "allowed");
    browser.go("#what-if?file=team-4.yaml");
    browser.run(
        "arguments[0].value = arguments[0].value.replace('team: t3', 'team: t5'); arguments[0].dispatchEvent(new Event('input'))",
        browser.find("#view-what-if textarea"));
    browser.find("#view-what-if h3", "1 row opened, 1 closed");
    Map<String, Long> calls = new LinkedHashMap<>();
    for (Object each : (List<?>) browser.run("return window.asked")) {
      Map<?, ?> call = (Map<?, ?>) each;
      calls.merge(
          String.valueOf(call.get("name")),
          (Long) Objects.requireNonNull(call.get("size")),
          Long::sum);
    }
    assertThat(browser.complaints()).isEmpty();
    return new Taken(elements, calls);
  }

  /** Namespaces of thirty workloads, in a file each. */
  private static List<PageSource> manifests(int namespaces) {
    List<PageSource> sources = new ArrayList<>();
    for (int i = 0; i < namespaces; i++) {
      StringBuilder text = new StringBuilder("# what somebody once wrote about it\n".repeat(400));
      text.append("apiVersion: v1\nkind: Namespace\nmetadata: {name: team-" + i
          + ", labels: {team: t" + i + "}}\n");
      for (int app = 0; app < 30; app++) {
        String name = List.of("web", "api", "db").get(app % 3) + "-" + app / 3;
        text.append("---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name
            + ", namespace: team-" + i + "}\nspec: {selector: {matchLabels: {app: " + name
            + "}}, template: {metadata: {labels: {app: " + name + "}}, spec: {containers: []}}}\n");
        if (app % 3 == 2) {
          text.append(
              "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: "
                  + name + ", namespace: team-" + i + "}\nspec: {podSelector: {matchLabels: {app: "
                  + name
                  + "}}, ingress: [{ports: [{port: 5432}], from: [{namespaceSelector: {matchLabels: {team: t"
                  + (i + namespaces - 1) % namespaces
                  + "}}, podSelector: {matchLabels: {app: web-1}}}]}]}\n");
        }
      }
      sources.add(new PageSource("team-" + i + ".yaml", text.toString(), false));
    }
    return sources;
  }
}
