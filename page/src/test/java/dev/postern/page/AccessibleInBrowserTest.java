package dev.postern.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a screen reader is told, and what is seen in forced colours, on a narrow screen and on paper. */
class AccessibleInBrowserTest extends OpenedPage {

  /** Roles whose elements need a name. */
  private static final Set<String> NAMED = Set.of(
      "button",
      "link",
      "textbox",
      "searchbox",
      "combobox",
      "ComboBoxSelect",
      "grid",
      "table",
      "gridcell",
      "cell",
      "columnheader",
      "rowheader",
      "heading",
      "navigation",
      "option",
      "listbox");

  /** What the browser tells a screen reader: a role and a name each. */
  private record Told(String role, String name) {}

  private static List<Told> told() {
    Map<String, Object> tree =
        browser.driver().executeCdpCommand("Accessibility.getFullAXTree", Map.of());
    List<Told> all = new ArrayList<>();
    for (Object each : (List<?>) Objects.requireNonNull(tree.get("nodes"))) {
      Map<?, ?> node = (Map<?, ?>) each;
      if (!Boolean.TRUE.equals(node.get("ignored"))) {
        all.add(new Told(value(node.get("role")), value(node.get("name"))));
      }
    }
    return all;
  }

  private static String value(Object property) {
    return property instanceof Map<?, ?> map && map.get("value") instanceof String text ? text : "";
  }

  @Test
  void everyViewHasLandmarksAndNamesForAScreenReader() throws IOException {
    open(WrittenPage.shop(), "");
    for (String view : VIEWS) {
      goTo(view);
      List<Told> told = told();
      assertThat(told)
          .extracting(Told::role)
          .as(view)
          .contains("banner", "navigation", "main", "region", "contentinfo", "status", "heading");
      assertThat(told.stream()
              .filter(each -> NAMED.contains(each.role()) && each.name().isBlank())
              .toList())
          .as(view)
          .isEmpty();
    }
    goTo("table");
    assertThat(told()).extracting(Told::role).contains("grid", "row", "gridcell");
    browser.run("document.querySelector('.list button').click()");
    browser.find("#live[aria-live=polite]", "reasons for ");
    goTo("findings");
    browser.find("#live", "finding");
  }

  @Test
  void forcedColoursKeepWhatIsChosenInSight() throws IOException {
    open(WrittenPage.shop(), "#map");
    browser.find("#view-map:not([aria-busy]) h2");
    browser.emulate("forced-colors", "active");
    try {
      String box = "const style = getComputedStyle(document.querySelector('.map .node rect'));"
          + " return style.fill !== style.stroke && style.stroke === getComputedStyle(document.body).color";
      assertThat(browser.run(box)).isEqualTo(true);
      goTo("ask");
      browser.run(
          "arguments[0].value = 'can '; arguments[0].dispatchEvent(new Event('input')); arguments[0].dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowDown'}))",
          browser.find("input[role=combobox]"));
      assertThat(
              browser.run(
                  "const [one, other] = ['true', 'false'].map(each => getComputedStyle(document.querySelector('[role=option][aria-selected=' + each + ']')).backgroundColor); return one !== other"))
          .isEqualTo(true);
      assertThat(
              browser.run(
                  "const [one, other] = ['[aria-current]', ':not([aria-current])'].map(each => getComputedStyle(document.querySelector('nav a' + each)).textDecorationLine); return one !== other"))
          .isEqualTo(true);
    } finally {
      browser.emulate("forced-colors", "");
    }
  }

  @Test
  void aScreenOf400PixelsHoldsEveryView() throws IOException {
    open(WrittenPage.shop(), "");
    browser
        .driver()
        .executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", 400, "height", 800, "deviceScaleFactor", 1, "mobile", false));
    try {
      for (String view : VIEWS) {
        goTo(view);
        assertThat(
                browser.run(
                    "return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
            .as(view)
            .isEqualTo(0L);
      }
    } finally {
      browser.driver().executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }
  }

  @Test
  void paperHasTheTextOfEveryCellAndRow() throws IOException {
    open(WrittenPage.shop(), "#matrix");
    browser.find(".matrix td button");
    List<String> matrix = PrintedText.lines(browser.print());
    assertThat(matrix).anyMatch(line -> line.matches("shop/frontend( [●◐·?▨]|\\s)+"));
    long endpoints =
        (Long) browser.run("return document.querySelectorAll('.matrix tbody tr').length");
    long cells = (Long) browser.run("return document.querySelectorAll('.matrix td').length");
    assertThat(matrix.stream()
            .dropWhile(line -> !line.startsWith("from"))
            .flatMapToInt(String::chars)
            .filter(sign -> "●◐·?▨".indexOf(sign) >= 0)
            .count())
        .as("signs of cells in %s", matrix)
        .isEqualTo(cells);

    goTo("table");
    assertThat(PrintedText.lines(browser.print()))
        .anyMatch(line -> line.matches("shop/frontend\\s+shop/db\\s+tcp/5432"));

    goTo("overview");
    assertThat(String.join("\n", PrintedText.lines(browser.print())))
        .contains("shop/frontend", "Reached by", "NetworkPolicy");
  }
}
