package dev.postern.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import dev.postern.replay.Edges;
import dev.postern.replay.Replay;
import dev.postern.traffic.TrafficLog;
import dev.postern.traffic.format.FlowFormats;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page as its reader has it: typed at, read, printed, without a network. */
class PageInBrowserTest extends OpenedPage {

  @Test
  void aQuestionIsTypedWithCompletionAndAnsweredWithReasonsByKeyboardAlone() throws IOException {
    open(WrittenPage.shop(), "#ask");
    WebElement field = browser.find("input[role=combobox]");
    field.sendKeys("can shop/fron");
    assertThat(browser.find("[role=option]", "can shop/frontend").isDisplayed()).isTrue();
    field.sendKeys(Keys.ARROW_DOWN, Keys.ENTER);
    assertThat(field.getDomProperty("value")).isEqualTo("can shop/frontend ");
    field.sendKeys("reach shop/db on 5432", Keys.ENTER);

    browser.find(".verdict", "allowed");
    assertThat(browser.text()).contains("allowed by shop/allow-frontend-to-db ingress[0]");
    browser.find("[role=status]", "allowed: shop/frontend -> shop/db on tcp/5432");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aLinkAsksAndAPlaceOfTheAnswerOpensTheManifest() throws IOException {
    open(WrittenPage.shop(), "#can%20shop/cart%20reach%20shop/db%20on%205432");
    browser.find(".verdict", "denied");
    browser.find(".lines a", "db.yaml").click();

    browser.find("#view-what-if textarea");
    assertThat(
            (String)
                browser.run(
                    "const area = document.querySelector('textarea'); return area.value.slice(area.selectionStart, area.selectionEnd)"))
        .isNotBlank();
  }

  @Test
  void aNarrowedMatrixSaysNothingOfWhoIsNotAskedAbout() throws IOException {
    open(WrittenPage.shop(), "#matrix?from=shop/frontend&to=shop/db");
    browser.find("#view-matrix:not([aria-busy]) table");
    String text = "return [...document.querySelectorAll('.matrix ' + arguments[0])]"
        + ".map(each => each.querySelector('button')?.ariaLabel ?? each.textContent)";
    assertThat(browser.run(text, "tbody th")).isEqualTo(List.of("shop/frontend"));
    assertThat(browser.run(text, "thead th + th")).isEqualTo(List.of("shop/db"));
    assertThat(browser.run(text, "td")).isEqualTo(List.of("shop/frontend to shop/db: tcp/5432"));

    browser.go("#matrix?from=shop/frontend&to=shop/frontend and shop/db and shop/cart&port=8080");
    browser.find("#view-matrix:not([aria-busy]) .soft", "Cells are about 8080 alone");
    assertThat(browser.run(text, "tbody th")).isEqualTo(List.of("shop/frontend"));
    assertThat(browser.run(text, "td").toString()).contains("itself", "shop/db: nothing");

    browser.go("#map?from=shop/frontend&to=shop/db");
    browser.find("#view-map:not([aria-busy]) .node");
    assertThat(browser.text()).contains("tcp/5432").doesNotContain(" of ");
    browser.go("#can shop/cart reach shop/db on 5432");
    browser.find(".verdict", "denied");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aQuestionThatGoesWrongSaysWhere() throws IOException {
    open(WrittenPage.shop(), "#can%20shop/cart%20reach%20shop/dbb");
    browser.find(".verdict", "is named `dbb`");
    assertThat(browser.text()).contains("^");
  }

  @Test
  void aSentenceThatIsNoQuestionSaysWhatToWriteInstead() throws IOException {
    open(WrittenPage.shop(), "#ask");
    browser
        .find("#view-ask input")
        .sendKeys("is shop/frontend able to reach shop/db?" + Keys.ENTER);
    browser.find(".verdict", "stands where `can` or `reach` should be");
    assertThat(browser.text())
        .contains("hint: a question is like `can shop/frontend reach shop/db on 5432`");
    String address = (String) browser.run("return location.href");
    browser.go("#shop/frontend to shop/db");
    browser.find("#view-overview .note", "no view and no question");
    browser.go("#ask");
    browser.find("#view-ask:not([aria-busy]) input").sendKeys("hello" + Keys.ENTER);
    browser.find("#view-ask .verdict");
    browser.driver().get("about:blank");
    browser.driver().get(address);
    browser.find(".verdict", "stands where `can` or `reach` should be");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aManifestThatIsNotThereIsNotTakenForAnother() throws IOException {
    open(WrittenPage.shop(), "#what-if?file=none.yaml");
    browser.find("#view-what-if [role=alert]", "There is no manifest named none.yaml here.");
  }

  @Test
  void anEditShowsWhatItOpens() throws IOException {
    open(WrittenPage.shop(), "#what-if?file=db.yaml");
    WebElement area = browser.find("textarea");
    browser.run(
        "arguments[0].value = arguments[0].value.replace('app: frontend', 'app: cart'); arguments[0].dispatchEvent(new Event('input'))",
        area);
    browser.find("#view-what-if h3", "opened");
    assertThat(browser.text()).contains("- shop/frontend".replace('-', '−'));
  }

  @Test
  void everyViewIsDrawnAndNothingIsForbiddenToIt() throws IOException {
    open(WrittenPage.shop(), "");
    for (String view : VIEWS) {
      browser.go("#" + view);
      browser.find("#view-" + view + ":not([aria-busy]) h2");
      assertThat(browser.find("nav a[aria-current=page]").getDomAttribute("href"))
          .isEqualTo("#" + view);
      assertThat(browser.text()).as(view).doesNotContain("does not work", "undefined");
    }
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void everyCellOfTheMatrixHasATextAndItsReasons() throws IOException {
    open(WrittenPage.shop(), "#matrix");
    browser.find(".matrix td button");
    assertThat(
            (Long)
                browser.run(
                    "return [...document.querySelectorAll('.matrix td')].filter(cell => !cell.textContent.trim()).length"))
        .isZero();
    WebElement cell = browser.find("[aria-label='shop/frontend to shop/db: tcp/5432']");
    cell.sendKeys(Keys.ENTER);
    browser.find(".answer", "allowed by shop/allow-frontend-to-db ingress[0]");
  }

  @Test
  void aDarkScreenIsDark() throws IOException {
    open(WrittenPage.shop(), "");
    browser.find("#view-overview table");
    String light = (String) browser.run("return getComputedStyle(document.body).backgroundColor");
    browser.emulate("prefers-color-scheme", "dark");
    assertThat(browser.run("return getComputedStyle(document.body).backgroundColor"))
        .isNotEqualTo(light);
    browser.emulate("prefers-color-scheme", "light");
  }

  @Test
  void whatGoesOnOutsideTheClusterIsNotJudged() throws IOException {
    open(WrittenPage.shop(), "#matrix");
    browser.find(".matrix td button");
    assertThat(
            (Long)
                browser.run(
                    "return [...document.querySelectorAll('.matrix tr:last-child td')].filter(cell => cell.textContent.trim() === 'not judged').length"))
        .isEqualTo(2L);
  }

  @Test
  void aQuestionAboutTwoEndpointsShowsAtOnceWhatTheMatrixSays() throws IOException {
    open(WrittenPage.shop(), "#can%20shop/frontend%20reach%20shop/db%20on%205432");
    browser.find("#view-ask p", "passes from shop/frontend to shop/db: tcp/5432");
    browser.find(".verdict", "allowed");
  }

  @Test
  void ofManyManifestsAFirstAnswerReadsThoseOfItsTwoNamespaces() throws IOException {
    List<PageSource> sources = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      StringBuilder text = new StringBuilder("apiVersion: v1\nkind: Namespace\n"
          + "metadata: {name: team-" + i + ", labels: {team: t" + i + "}}\n");
      for (String app : List.of("web", "db")) {
        text.append("---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + app
            + ", namespace: team-" + i + "}\nspec: {selector: {matchLabels: {app: " + app
            + "}}, template: {metadata: {labels: {app: " + app + "}}, spec: {containers: []}}}\n");
      }
      for (int policy = 0; policy < 30; policy++) {
        text.append("---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
            + "metadata: {name: p" + policy + ", namespace: team-" + i + "}\n"
            + "spec: {podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: "
            + (8000 + policy)
            + "}], from: [{namespaceSelector: {matchLabels: {team: t" + policy + "}}}]}]}\n");
      }
      sources.add(new PageSource("team-" + i + ".yaml", text.toString(), false));
    }
    open(sources, "");
    browser.find("#view-overview:not([aria-busy]) h2");
    browser.run(
        "window.seen = []; new MutationObserver(() => { const answer = document.querySelector('.answer');"
            + " if (answer) { window.seen.push(answer.textContent); } }).observe(document.getElementById('main'), {childList: true, subtree: true})");
    browser.go("#can team-7/web reach team-9/db on 8008");
    browser.find(".answer", "to allow it:");

    assertThat((String) browser.run("return window.seen[0]"))
        .contains("denied", "team-9/p8 (team-9.yaml:55:1)")
        .doesNotContain("to allow it:");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void theEditorNumbersTheLinesInSightOfALongSource() throws IOException {
    String text = "# a comment\n".repeat(20_000) + WrittenPage.shop().get(0).text();
    open(List.of(new PageSource("long.yaml", text, false)), "#what-if?file=long.yaml&line=20001");
    browser.find(".numbers", "20001");
    assertThat(browser.find(".numbers").getText().lines().count()).isLessThan(100);
  }

  @Test
  void hostileManifestsRunNothing() throws IOException {
    String text = "</script><script>window.hit=1</script><img src=x onerror=window.hit=1>\\u202e";
    String manifest = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop, labels: {app: "TEXT"}, annotations: {x: "TEXT"}}
        spec: {containers: []}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: "TEXT", namespace: shop}
        spec: {podSelector: {matchLabels: {app: "TEXT"}}, ingress: [{from: [{podSelector: {}}]}]}
        """.replace("TEXT", text);
    PageSource source = new PageSource("</script><b>name\u202e.yaml", manifest, false);
    open(List.of(source), "");
    for (String view : List.of("overview", "map", "matrix", "table", "findings", "what-if")) {
      browser.go("#" + view);
      browser.find("#view-" + view + ":not([aria-busy]) h2");
    }
    browser.go("#can anyone reach shop/web");
    browser.find(".verdict");
    browser.go("#<img src=x onerror=window.hit=1>");
    browser.find("#view-overview:not([aria-busy]) h2");
    assertThat(browser.run("return window.hit")).isNull();
    assertThat(browser.run("return document.querySelectorAll('img, b').length")).isEqualTo(0L);
    assertThat((String) browser.run(
            "return document.body.textContent.match(/[\\u202a-\\u202e]/) ? 'directional' : ''"))
        .isEmpty();
    assertThat(browser.complaints()).isEmpty();
  }

  /** Recorded traffic of the shop, with a name that would like to be a script. */
  private static String traffic(String name) throws IOException {
    Plan plan = Plan.of(Manifests.read(
            WrittenPage.shop().stream()
                .map(each -> Source.text(each.name(), each.text()))
                .toList(),
            ReadOptions.DEFAULT)
        .cluster());
    Edges edges = new Edges(plan);
    String log =
        "source-namespace,source-workload,destination-namespace,destination-workload,protocol,port,verdict\n"
            + "shop,cart,shop,db,tcp,5432,allow\nshop,frontend,shop,db,tcp,5432,allow\n\"" + name
            + "\",x,shop,db,tcp,5432,allow\n";
    TrafficLog.read(
        name,
        new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)),
        FlowFormats.ALL,
        edges);
    return PageContents.traffic(
        Replay.of(edges, Reachability.of(plan)), Map.of(name, 1L), List.of(name));
  }

  @Test
  void recordedTrafficIsFilteredAndItsReasonsOpenTheManifest() throws IOException {
    browser.open(
        directory,
        WrittenPage.of(WrittenPage.shop(), PageContents.View.TRAFFIC, traffic("elsewhere")),
        "");
    browser.find("#view-traffic:not([aria-busy]) h2");
    assertThat(browser.text())
        .contains("1 flow would break", "3 edges of 3", "Rules that no flow used");

    browser.run(
        "arguments[0].value = 'breaks'; arguments[0].dispatchEvent(new Event('change'))",
        browser.find("#view-traffic select"));
    browser.find("[role=status]", "1 edge of 3");
    assertThat(browser.text()).contains("shop/cart").doesNotContain("shop/frontend ->");
    browser.find("#view-traffic td a", "cart.yaml").click();
    browser.find("#view-what-if textarea");

    browser.go("#traffic?to=nobody");
    browser.find("[role=status]", "0 edges of 3");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void namesOfLogsAreNoMarkup() throws IOException {
    String hostile = "</script><img src=x onerror=window.hit=1><b>\u202e";
    String page = WrittenPage.of(WrittenPage.shop(), PageContents.View.TRAFFIC, traffic(hostile));
    assertThat(page).doesNotContain("</script><img");
    browser.open(directory, page, "");
    browser.find("#view-traffic:not([aria-busy]) h2");

    assertThat(browser.run("return window.hit")).isNull();
    assertThat(browser.run("return document.querySelectorAll('img, b').length")).isEqualTo(0L);
    assertThat(browser.text()).contains("<img src=x");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void nothingMovesForAReaderWhoWantsNoMotion() throws IOException {
    String moving =
        "return [...document.querySelectorAll('*')].filter(each => { const style = getComputedStyle(each);"
            + " return style.animationName !== 'none' || style.scrollBehavior !== 'auto'"
            + " || style.transitionDuration.split(', ').some(time => parseFloat(time) > 0); }).length";
    open(WrittenPage.shop(), "");
    try {
      browser.emulate("prefers-reduced-motion", "no-preference");
      browser.find("#view-overview table");
      assertThat((Long) browser.run(moving)).isPositive();
      browser.emulate("prefers-reduced-motion", "reduce");
      for (String view : List.of("overview", "ask", "map", "matrix", "what-if", "open")) {
        browser.go("#" + view);
        browser.find("#view-" + view + ":not([aria-busy]) h2");
        assertThat((Long) browser.run(moving)).as(view).isZero();
      }
    } finally {
      browser.emulate("prefers-reduced-motion", "");
    }
  }
}
