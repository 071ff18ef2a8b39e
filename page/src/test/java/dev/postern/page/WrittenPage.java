package dev.postern.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Pages as tests of a browser write them. */
final class WrittenPage {

  private WrittenPage() {}

  /** A page without recorded traffic. */
  static String of(List<PageSource> sources, PageContents.View view) {
    return of(sources, view, "");
  }

  /** A page with recorded traffic, or with none if it is empty. */
  static String of(List<PageSource> sources, PageContents.View view, String traffic) {
    return PageDocument.of(new PageContents(
        "Network policies",
        "a test",
        view,
        PageContents.MatrixFilter.EVERYTHING,
        PageReading.DEFAULT,
        sources,
        "",
        "",
        ChosenFindings.all(false),
        List.of(),
        "",
        traffic));
  }

  /** The shop of the examples. */
  static List<PageSource> shop() throws IOException {
    List<PageSource> sources = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("../examples/shop"))) {
      for (Path file :
          files.filter(each -> each.toString().endsWith(".yaml")).sorted().toList()) {
        sources.add(new PageSource(file.getFileName().toString(), Files.readString(file), false));
      }
    }
    return sources;
  }
}
