package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.Kinds.Kind;
import java.util.Optional;

/** Holds an object's {@code apiVersion} against those that its kind has. */
final class VersionCheck {

  private VersionCheck() {}

  static void check(Cursor object, Kind kind, Optional<String> version) {
    String current = kind.versions().get(0);
    if (version.isEmpty()) {
      object.report(
          Code.NOT_AN_OBJECT,
          "write `apiVersion: " + current + "`",
          "a " + kind.name() + " without `apiVersion`");
    } else if (!kind.versions().contains(version.get())) {
      Origin place = object.has("apiVersion")
          ? object.field("apiVersion").orElseThrow().origin()
          : object.origin();
      object.report(Code.UNKNOWN_VERSION
          .at(place, kind.name(), version.get())
          .hint("write `apiVersion: " + current + "`"));
    } else if (version.get().startsWith("extensions/")) {
      Origin place = object.field("apiVersion").map(Cursor::origin).orElse(object.origin());
      object.report(Code.OLD_VERSION
          .at(place, version.get(), kind.name(), current)
          .hint("write `apiVersion: " + current + "`"));
    }
  }
}
