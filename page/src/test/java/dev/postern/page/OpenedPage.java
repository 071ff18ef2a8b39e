package dev.postern.page;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tests of pages that are open in a browser, one for each class of tests. */
abstract class OpenedPage {

  /** All views of a page without recorded traffic. */
  static final List<String> VIEWS = List.of(
      "overview", "ask", "map", "matrix", "table", "findings", "what-if", "compare", "open");

  static Browser browser;

  @TempDir
  Path directory;

  @BeforeAll
  static void start() {
    browser = new Browser();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  /** Opens a page of manifests. */
  void open(List<PageSource> sources, String fragment) throws IOException {
    browser.open(directory, WrittenPage.of(sources, PageContents.View.OVERVIEW), fragment);
  }

  /** Goes to a view and waits until it is drawn. */
  static void goTo(String view) {
    browser.go("#" + view);
    browser.find("#view-" + view + ":not([aria-busy]) h2");
  }
}
