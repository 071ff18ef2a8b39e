package dev.postern.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebElement;

/** What a reader gives to the page: dropped files, pasted text, edits that are no YAML, manifests without workloads. */
class GivenManifestsInBrowserTest extends OpenedPage {

  @Test
  void anEmptyPageTakesDroppedFilesAndWhatMissesItsPlaceLeavesThePage() throws IOException {
    Path web = Files.writeString(directory.resolve("web.yaml"), pod("web"));
    Path db = Files.writeString(directory.resolve("db.yaml"), pod("db"));
    Path notes = Files.writeString(directory.resolve("notes.txt"), "nothing\n");
    browser.open(directory, WrittenPage.of(List.of(), PageContents.View.OPEN), "");
    browser.find("#view-open .drop");
    browser.drop("h1", List.of(web));
    assertThat(browser.find("#view-open .drop").isDisplayed()).isTrue();

    browser.drop(".drop", List.of(notes, Files.writeString(directory.resolve("a.md"), "# a\n")));
    browser.find("[role=alert]", "There is no file among these");

    browser.drop(".drop", List.of(Files.createDirectories(directory.resolve("all"))));
    browser.find("[role=alert]", "all is a directory; drop the files in it");

    browser.drop(".drop", List.of(web, db, notes));
    browser.find("#view-overview:not([aria-busy]) table", "shop/web");
    assertThat(browser.text()).contains("2 Pod", "shop/db");
    browser.go("#can shop/web reach shop/db on 80");
    browser.find(".verdict", "allowed");
    assertThat(browser.complaints()).isEmpty();
  }

  private static String pod(String name) {
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name
        + ", namespace: shop}\nspec: {containers: []}\n";
  }

  @Test
  void manifestsWithoutWorkloadsSaySo() throws IOException {
    String policy = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        + "metadata: {name: p, namespace: shop}\nspec: {podSelector: {}}\n";
    browser.open(
        directory,
        WrittenPage.of(
            List.of(new PageSource("p.yaml", policy, false)), PageContents.View.OVERVIEW),
        "");
    browser.find("#view-overview p", "The manifests hold no workload");
    for (String view : List.of("ask", "map", "matrix", "table")) {
      browser.go("#" + view);
      browser.find("#view-" + view + ":not([aria-busy]) h2");
      assertThat(browser.text()).as(view).doesNotContain("does not work", "undefined", "NaN");
    }
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void anEditThatBreaksTheYamlSaysWhereAndComesBack() throws IOException {
    browser.open(
        directory,
        WrittenPage.of(WrittenPage.shop(), PageContents.View.OVERVIEW),
        "#what-if?file=db.yaml");
    WebElement area = browser.find("textarea");
    String set =
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))";
    String text = (String) browser.run("return arguments[0].value", area);
    browser.run(set, area, text.replace("kind: NetworkPolicy", "kind: [NetworkPolicy"));
    browser.find("#view-what-if .note.bad", "1 error: what has an error is left out");
    browser.find("#view-what-if .note.bad a", "db.yaml:");
    browser.find("#view-what-if h3", "opened");
    browser.run(set, area, text);
    browser.find("#view-what-if h3", "no traffic is opened or closed");
    browser.go("#table");
    browser.find("#view-table:not([aria-busy]) h2");
    browser.run("history.back()");
    browser.find("#view-what-if:not([aria-busy]) textarea");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void whatWasComparedIsStillThereOnTheWayBack() throws IOException {
    Path db = Files.writeString(
        directory.resolve("old-db.yaml"),
        WrittenPage.shop().stream()
            .map(each -> each.name().equals("db.yaml")
                ? each.text().replace("app: frontend", "app: cart")
                : each.text())
            .collect(Collectors.joining("\n---\n")));
    browser.open(
        directory, WrittenPage.of(WrittenPage.shop(), PageContents.View.OVERVIEW), "#compare");
    browser.find("#view-compare .drop");
    browser.drop(".drop", List.of(db));
    browser.find("#view-compare h3", "Opened");
    browser.go("#table");
    browser.find("#view-table:not([aria-busy]) h2");
    browser.run("history.back()");
    browser.find("#view-compare h3", "Opened");
    assertThat(browser.text()).contains("From old-db.yaml to this page");
  }

  @Test
  void manifestsThatOthersTookThePlaceOfComeBackWithTheirEdits() throws IOException {
    Path web = Files.writeString(directory.resolve("web.yaml"), pod("web"));
    browser.open(
        directory,
        WrittenPage.of(WrittenPage.shop(), PageContents.View.OVERVIEW),
        "#what-if?file=db.yaml");
    browser.run(
        "arguments[0].value = arguments[0].value.replace('app: frontend', 'app: cart'); arguments[0].dispatchEvent(new Event('input'))",
        browser.find("#view-what-if textarea"));
    browser.find("#view-what-if h3", "opened");
    browser.go("#open");
    browser.find("#view-open:not([aria-busy]) .drop");
    browser.drop(".drop", List.of(web));
    browser.find("#view-overview:not([aria-busy]) table", "shop/web");
    browser.go("#open");
    browser.find("#view-open button", "Back to the").click();
    browser.find("#view-overview:not([aria-busy]) table", "shop/frontend");
    browser.go("#what-if?file=db.yaml");
    browser.find("#view-what-if h3", "opened");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void ofManifestsThatCannotBeReadNobodyIsSaidToBeUnexposed() throws IOException {
    browser.open(
        directory,
        WrittenPage.of(
            List.of(new PageSource("p.yaml", "kind: [Pod\n", false)), PageContents.View.OVERVIEW),
        "");
    browser.find("#view-overview p", "No workload was read");
    assertThat(browser.text()).doesNotContain("nobody is exposed", "reached by nobody");
  }

  @Test
  void aLongListIsPrintedAsFarAsItFitsOnPaper() throws IOException {
    StringBuilder text = new StringBuilder(pod("web-0"));
    for (int i = 1; i < 600; i++) {
      text.append("---\n").append(pod("web-" + i));
    }
    browser.open(
        directory,
        WrittenPage.of(
            List.of(new PageSource("p.yaml", text.toString(), false)), PageContents.View.OVERVIEW),
        "");
    browser.find("#view-overview:not([aria-busy]) table");
    String printed = String.join(" ", PrintedText.lines(browser.print()));
    assertThat(printed).contains("shop/web-499", "Printed are the first 500 of 600");
    assertThat(printed).doesNotContain("shop/web-599");
    assertThat(browser.text()).doesNotContain("Printed are");
  }

  /** Keeps back what the page asks its engine to compare. */
  private static final String KEEP = """
      window.kept = [];
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (call) {
        call.name === 'difference' ? kept.push(() => post.call(this, call)) : post.call(this, call);
      };
      """;

  @Test
  void whatIsBeingComparedGoesOnWhileTheReaderLooksElsewhere() throws IOException {
    Path older = Files.createDirectories(directory.resolve("older"));
    String now = WrittenPage.shop().stream()
        .filter(each -> each.name().equals("db.yaml"))
        .map(PageSource::text)
        .findFirst()
        .orElseThrow();
    Path db = Files.writeString(
        older.resolve("db.yaml"), "# older\n" + now.replace("app: frontend", "app: cart"));
    browser.open(
        directory, WrittenPage.of(WrittenPage.shop(), PageContents.View.OVERVIEW), "#compare");
    browser.find("#view-compare .drop");
    browser.run(KEEP);
    browser.drop(".drop", List.of(db));
    browser.find("#view-compare p", "Comparing");
    browser.go("#table");
    browser.find("#view-table:not([aria-busy]) h2");
    browser.run("history.back()");
    browser.find("#view-compare p", "Comparing");
    browser.run("kept.forEach(each => each())");
    browser.find("#view-compare h3", "Opened");

    // The older file is another than that of the same name in the page, which a link would open.
    assertThat(
            browser.run(
                "const lines = [...document.querySelectorAll('#view-compare .lines div')].filter(line => line.textContent.includes('; before: '));"
                    + " return [lines.length > 0, lines.every(line => line.lastChild.textContent.startsWith('; before: ')), Boolean(document.querySelector('#view-compare .lines a'))]"))
        .isEqualTo(List.of(true, true, true));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void whatIsWrongWithOlderManifestsStandsAboveWhatTheyAreComparedFor() throws IOException {
    Path broken = Files.writeString(directory.resolve("broken.yaml"), "kind: [NetworkPolicy\n");
    browser.open(
        directory, WrittenPage.of(WrittenPage.shop(), PageContents.View.OVERVIEW), "#compare");
    browser.find("#view-compare .drop");
    browser.drop(".drop", List.of(broken));
    browser.find("#view-compare .note.bad", "1 error in the older manifests");
    browser.find("#view-compare .note.bad", "broken.yaml:");
  }

  @Test
  void aLongListIsCutShortAndShownOnDemandAndOnPaper() throws IOException {
    StringBuilder text = new StringBuilder(pod("web"));
    for (int i = 0; i < 60; i++) {
      text.append("---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
          + "metadata: {name: policy-" + i + ", namespace: shop}\nspec: {podSelector: {}}\n");
    }
    browser.open(
        directory,
        WrittenPage.of(
            List.of(new PageSource("p.yaml", text.toString(), false)), PageContents.View.OVERVIEW),
        "");
    WebElement more = browser.find("#view-overview td button", "more");
    assertThat(browser.text()).contains("policy-0").doesNotContain("policy-59");
    assertThat(String.join(" ", PrintedText.lines(browser.print()))).contains("policy-59");
    more.click();
    assertThat(browser.text()).contains("policy-59");
  }

  @Test
  void anEmptyPageTakesPastedManifests() throws IOException {
    browser.open(directory, WrittenPage.of(List.of(), PageContents.View.OPEN), "");
    browser.run(
        "const area = arguments[0]; area.value = arguments[1]; area.dispatchEvent(new Event('input'))",
        browser.find("textarea"),
        String.join("\n---\n", WrittenPage.shop().stream().map(PageSource::text).toList()));
    browser.find("#view-open button", "Take the text").click();
    browser.find("#view-overview:not([aria-busy]) table", "shop/frontend");
  }
}
