package dev.postern.page;

import dev.postern.testing.Engines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.print.PrintOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The machine's Chromium without a window. */
final class Browser implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final ChromeDriver driver;

  Browser() {
    Engines.requireInstalled("chromium", "chromedriver");
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
    LoggingPreferences logged = new LoggingPreferences();
    logged.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logged);
    driver = new ChromeDriver(
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
            .build(),
        options);
    driver.manage().timeouts().scriptTimeout(PATIENCE).pageLoadTimeout(PATIENCE);
    driver.manage().window().setSize(new Dimension(1300, 900));
  }

  ChromeDriver driver() {
    return driver;
  }

  /** Opens a page that is written into a file. */
  void open(Path directory, String page, String fragment) throws IOException {
    Path file = Files.writeString(directory.resolve("page.html"), page, StandardCharsets.UTF_8);
    driver.get("about:blank");
    driver.get(file.toUri() + fragment);
  }

  /** Goes to another place of the page, as a link does. */
  void go(String fragment) {
    driver.executeScript("location.hash = arguments[0]", fragment);
  }

  /** Waits for an element. */
  WebElement find(String selector) {
    return find(selector, "");
  }

  /** Waits for an element that holds a text. */
  WebElement find(String selector, String text) {
    return new WebDriverWait(driver, PATIENCE)
        .ignoring(StaleElementReferenceException.class)
        .withMessage(() -> selector + " with " + text + " in: " + text())
        .until(each -> each.findElements(By.cssSelector(selector)).stream()
            .filter(
                element -> String.valueOf(element.getDomProperty("textContent")).contains(text))
            .findFirst()
            .orElse(null));
  }

  /** What a reader sees. */
  String text() {
    return driver.findElement(By.tagName("main")).getText();
  }

  Object run(String script, Object... values) {
    return driver.executeScript(script, values);
  }

  /** A feature of media, as {@code prefers-color-scheme} is. */
  void emulate(String feature, String value) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", feature, "value", value))));
  }

  /** Drags files from outside over an element and drops them there. */
  void drop(String selector, List<Path> files) {
    Map<String, Object> dragged = Map.of(
        "items",
        List.of(),
        "files",
        files.stream().map(Path::toString).toList(),
        "dragOperationsMask",
        1);
    List<?> place = (List<?>) run(
        "const box = document.querySelector(arguments[0]).getBoundingClientRect(); return [box.x + 5, box.y + 5]",
        selector);
    for (String type : List.of("dragEnter", "dragOver", "drop")) {
      driver.executeCdpCommand(
          "Input.dispatchDragEvent",
          Map.of("type", type, "x", place.get(0), "y", place.get(1), "data", dragged));
    }
  }

  /** The page as it would be printed, a PDF. */
  byte[] print() {
    return Base64.getDecoder().decode(driver.print(new PrintOptions()).getContent());
  }

  /** What the browser complains about, such as something that a page's policy forbids. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
