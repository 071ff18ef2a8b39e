package dev.postern.cli.console;

/** What this Postern is, for the tools that read its reports. */
public final class Release {

  /**
   * What the URIs begin with by which reports and schemas name files of Postern's repository. They are names: nobody serves them, and the
   * rest is the file's path.
   */
  public static final String REPOSITORY = "urn:x-postern:";

  private Release() {}

  /** The version that the jar's manifest names, such as {@code 0.1.0}; {@code from source} where no jar says it. */
  public static String version() {
    String version = Release.class.getPackage().getImplementationVersion();
    return version == null ? "from source" : version;
  }

  /** The name of a file of the repository, as {@code urn:x-postern:docs/lint.md}. */
  public static String page(String path) {
    return REPOSITORY + path;
  }
}
