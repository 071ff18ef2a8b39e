package dev.postern.cli.console;

/** What this Postern is, for the tools that read its reports. */
public final class Release {

  /** Where it is at home. */
  public static final String HOME = "https://postern.dev";

  private Release() {}

  /** The version that the jar's manifest names, such as {@code 0.1.0}; {@code from source} where no jar says it. */
  public static String version() {
    String version = Release.class.getPackage().getImplementationVersion();
    return version == null ? "from source" : version;
  }

  /** The page of a code. */
  public static String page(String code) {
    return HOME + "/docs/diagnostics/" + code + ".md";
  }
}
