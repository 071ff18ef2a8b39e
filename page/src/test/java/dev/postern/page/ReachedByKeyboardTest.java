package dev.postern.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** Keys alone lead everywhere, in order, visibly, and out again. */
class ReachedByKeyboardTest extends OpenedPage {

  /** What the Tab key has to stop at, in the order of the page. */
  private static final String STOPS = """
      window.stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
        .filter(each => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({visibilityProperty: true}));
      window.stops[0].focus();
      return window.stops.length;
      """;

  /** The number of the stop that has the focus, -1 if none has, -2 if it does not show. */
  private static final String STOP = """
      const at = document.activeElement;
      const {outlineStyle, outlineWidth} = getComputedStyle(at);
      const number = window.stops.indexOf(at);
      return number >= 0 && (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) ? -2 : number;
      """;

  @BeforeEach
  void openShop() throws IOException {
    open(WrittenPage.shop(), "");
    browser.find("#view-overview:not([aria-busy]) h2");
  }

  private static void press(CharSequence... keys) {
    new Actions(browser.driver()).sendKeys(keys).perform();
  }

  private static Object focused(String what) {
    return browser.run("return document.activeElement." + what);
  }

  @Test
  void theTabKeyStopsAtEverythingInOrderVisiblyAndIsNeverTrapped() {
    for (String view : VIEWS) {
      goTo(view);
      long stops = (Long) browser.run(STOPS);
      List<Long> seen = new ArrayList<>();
      // A browser stops at what scrolls, too.
      for (int i = 0; i < stops + 20 && !seen.contains(stops - 1); i++) {
        press(Keys.TAB);
        long stop = (Long) browser.run(STOP);
        if (stop != -1) {
          seen.add(stop);
        }
      }
      assertThat(seen)
          .as(view)
          .containsExactlyElementsOf(LongStream.range(1, stops).boxed().toList());
      assertThat(stops).as(view).isLessThan(60);
    }
  }

  @Test
  void aLinkToAViewLeadsTheKeysIntoIt() {
    browser.run("document.querySelector('nav a[href=\"#matrix\"]').focus()");
    press(Keys.ENTER);
    browser.find("#view-matrix:not([aria-busy]) h2");
    assertThat(focused("id")).isEqualTo("main");
    press(Keys.TAB);
    assertThat(focused("placeholder")).isEqualTo("shop/frontend");
  }

  @Test
  void arrowKeysGoFromCellToCellOfTheMatrix() {
    goTo("matrix");
    browser.run("document.querySelector('.matrix [tabindex=\"0\"]').focus()");
    press(Keys.HOME);
    assertThat(focused("textContent")).isEqualTo("kube-system/coredns");
    press(Keys.ARROW_RIGHT);
    new Actions(browser.driver())
        .keyDown(Keys.CONTROL)
        .sendKeys(Keys.END)
        .keyUp(Keys.CONTROL)
        .perform();
    press(Keys.HOME);
    assertThat(
            browser.run(
                "return document.activeElement === document.querySelector('.matrix tbody tr:last-child th')"))
        .isEqualTo(true);
    press(Keys.HOME, Keys.ARROW_UP, Keys.ARROW_UP, Keys.ARROW_UP, Keys.ARROW_RIGHT, Keys.ENTER);
    browser.find(".answer h3", " to kube-system/coredns");
    assertThat(browser.run("return document.querySelectorAll('.matrix [tabindex=\"0\"]').length"))
        .isEqualTo(1L);
  }

  @Test
  void arrowKeysGoFromRowToRowOfTheTable() {
    goTo("table");
    browser.run("document.querySelector('.list').focus()");
    press(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_UP);
    assertThat(browser.run(
            "return document.querySelector('.row.active').getAttribute('aria-rowindex')"))
        .isEqualTo("2");
    press(Keys.END);
    String last =
        (String) browser.run("return document.querySelector('.row.active span').textContent");
    press(Keys.ENTER);
    browser.find(".answer h3", last + " to ");
    browser.run("document.querySelectorAll('.listhead button')[1].focus()");
    press(Keys.ENTER);
    assertThat(focused("textContent")).isEqualTo("destination ↑");
  }

  @Test
  void arrowKeysGoFromBoxToBoxOfTheMapAndOpenOne() {
    goTo("map");
    browser.run("document.querySelector('.map .node').focus()");
    press(Keys.ARROW_RIGHT, Keys.ARROW_LEFT, Keys.ENTER);
    browser.find(".map .node.chosen");
    assertThat(focused("getAttribute('class')")).isEqualTo("node chosen");
    press(Keys.TAB, Keys.ENTER);
    browser.find(".map text", "coredns");
    assertThat(focused("getAttribute('class')")).isEqualTo("node");
  }
}
