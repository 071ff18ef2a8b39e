package dev.postern.manifest;

/** The shapes that all kinds share. */
final class Shapes {

  static final FieldShape LABEL_SELECTOR_REQUIREMENT =
      FieldShape.strict("LabelSelectorRequirement").string("key", "operator").stringList("values");

  static final FieldShape LABEL_SELECTOR = FieldShape.strict("LabelSelector")
      .stringMap("matchLabels")
      .list(LABEL_SELECTOR_REQUIREMENT, "matchExpressions");

  static final FieldShape OWNER_REFERENCE = FieldShape.lenient("OwnerReference")
      .string("apiVersion", "kind", "name")
      .bool("controller")
      .any("blockOwnerDeletion", "uid");

  /** With the fields of all API versions. */
  static final FieldShape OBJECT_META = FieldShape.strict("ObjectMeta")
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
  static final FieldShape LIST =
      FieldShape.strict("List").string("apiVersion", "kind").any("metadata", "items");

  private Shapes() {}

  /** An object with {@code apiVersion}, {@code kind}, {@code metadata} and {@code status}. */
  static FieldShape object(String kind) {
    return FieldShape.strict(kind)
        .string("apiVersion", "kind")
        .object(OBJECT_META, "metadata")
        .any("status");
  }
}
