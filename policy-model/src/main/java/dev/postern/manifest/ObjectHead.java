package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Origin;
import dev.postern.selector.Labels;
import java.util.Optional;

/**
 * What every object says about itself.
 *
 * @param namespace empty for a kind without namespaces
 * @param owner the controlling owner, if it names one
 */
record ObjectHead(
    String kind,
    String namespace,
    String name,
    Labels labels,
    Optional<Owner> owner,
    Origin origin) {

  /** A reference to the controlling owner; the kind may be empty where a manifest leaves it out. */
  record Owner(String kind, String name) {}

  static ObjectHead decode(
      Cursor object,
      String kind,
      boolean namespaced,
      String defaultNamespace,
      LabelDecoder labels) {
    Optional<Cursor> metadata = object.field("metadata");
    Optional<String> name =
        metadata.flatMap(m -> m.string("name").or(() -> m.string("generateName")));
    if (name.isEmpty()) {
      Cursor place = metadata.orElse(object);
      place.report(
          Code.MISSING_FIELD, "write `metadata: {name: …}`", "metadata of a " + kind, "name");
    } else if (!Syntax.isDnsSubdomain(name.get()) && metadata.get().has("name")) {
      String rule = "lower-case letters, digits, `-` and `.`, with a letter or digit at both ends";
      Code code = Syntax.isWord(name.get()) ? Code.ODD_NAME : Code.BAD_NAME;
      metadata
          .get()
          .field("name")
          .orElseThrow()
          .report(code, "", name.get(), "name of a " + kind, rule);
    }
    String namespace = "";
    if (namespaced) {
      Optional<Cursor> written = metadata.flatMap(m -> m.field("namespace"));
      namespace =
          written.flatMap(Cursor::string).filter(n -> !n.isEmpty()).orElse(defaultNamespace);
      if (!Syntax.isDnsLabel(namespace)) {
        String rule =
            "up to 63 lower-case letters, digits and `-`, with a letter or digit at both ends";
        written.orElse(object).report(Code.BAD_NAME, "", namespace, "namespace", rule);
      }
    }
    Labels found = metadata.map(m -> labels.labels(m, "labels")).orElse(Labels.NONE);
    return new ObjectHead(
        kind,
        namespace,
        name.orElse(""),
        found,
        metadata.flatMap(ObjectHead::owner),
        object.origin());
  }

  private static Optional<Owner> owner(Cursor metadata) {
    return metadata.items("ownerReferences").stream()
        .filter(reference -> reference.isTrue("controller"))
        .findFirst()
        .flatMap(reference -> reference
            .string("name")
            .map(name -> new Owner(
                WorkloadKinds.qualifiedName(
                    reference.string("kind").orElse(""), reference.string("apiVersion")),
                name)));
  }

  ObjectHead withName(String other) {
    return new ObjectHead(kind, namespace, other, labels, owner, origin);
  }

  /** {@code namespace/name}, or the name alone. */
  String id() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
