package dev.postern.manifest;

/** The shapes that all kinds share. */
final class Shapes {

  static final Shape LABEL_SELECTOR_REQUIREMENT =
      Shape.strict("LabelSelectorRequirement").string("key", "operator").stringList("values");

  static final Shape LABEL_SELECTOR = Shape.strict("LabelSelector")
      .stringMap("matchLabels")
      .list(LABEL_SELECTOR_REQUIREMENT, "matchExpressions");

  static final Shape OWNER_REFERENCE = Shape.lenient("OwnerReference")
      .string("apiVersion", "kind", "name")
      .bool("controller")
      .any("blockOwnerDeletion", "uid");

  /** With the fields of all API versions. */
  static final Shape OBJECT_META = Shape.strict("ObjectMeta")
      .string("name", "generateName", "namespace")
      .stringMap("labels")
      .list(OWNER_REFERENCE, "ownerReferences")
      .any(
          "annotations",
          "clusterName",
          "creationTimestamp",
          "deletionGracePeriodSeconds",
          "deletionTimestamp",
          "finalizers")
      .any("generation", "initializers", "managedFields", "resourceVersion", "selfLink", "uid");

  /** A list of objects; the items are judged one by one. */
  static final Shape LIST =
      Shape.strict("List").string("apiVersion", "kind").any("metadata", "items");

  private Shapes() {}

  /** An object with {@code apiVersion}, {@code kind}, {@code metadata} and {@code status}. */
  static Shape object(String kind) {
    return Shape.strict(kind)
        .string("apiVersion", "kind")
        .object(OBJECT_META, "metadata")
        .any("status");
  }
}
